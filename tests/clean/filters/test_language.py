import pytest

from belle.clean.filters.language import OtherLanguage
from factories import conversation

from .see_one import see_one

ZH_EN = OtherLanguage(frozenset({"zh", "en", "mixed"}), 20)


@pytest.mark.parametrize(
    ("sample", "seen"),
    [
        (conversation("Quelle est la capitale de la France ?", "La capitale de la France est Paris."), "fr"),
        (conversation("日本の首都はどこですか？", "日本の首都は東京です。"), "ja"),
        (conversation("대한민국의 수도는 어디입니까?", "서울입니다."), "ko"),
        ("Столица России - Москва, крупнейший город страны.", "ru"),
    ],
)
def test_a_row_in_another_language_is_seen(sample, seen):
    assert see_one(ZH_EN, sample) == seen


@pytest.mark.parametrize(
    "sample",
    [
        conversation("法国的首都是哪里？", "巴黎。"),
        conversation("What is the capital of France?", "The capital of France is Paris."),
        conversation("把这句话翻译成法语：我爱你", "Je t'aime."),
        conversation("12 + 30", "42"),
        conversation("OK?", "OK!"),
        "```python\nimport os\nprint(os.getcwd())\n```",
    ],
)
def test_wanted_and_unknown_languages_are_kept(sample):
    assert see_one(ZH_EN, sample) is None


def test_one_language_can_be_wanted():
    only_chinese = OtherLanguage(frozenset({"zh"}), 20)
    assert see_one(only_chinese, conversation("写一句话", "The weather is very nice today, let us go out.")) == "mixed"
    assert see_one(only_chinese, conversation("Hi, how are you today?", "I am fine, thank you.")) == "en"
    assert see_one(only_chinese, conversation("介绍 Python", "Python 是一种编程语言。")) is None
