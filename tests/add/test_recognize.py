import pytest

from belle.add.recognize import recognize_format, recognize_html, recognize_language

ALPACA = {"instruction": "a", "input": "b", "output": "c"}


def test_belles_own_repositories_join_as_belle_does():
    assert recognize_format([ALPACA], "someone/train_1M_CN") == "alpaca"
    assert recognize_format([ALPACA], "BelleGroup/train_1M_CN") == "belle"


def test_a_format_has_to_fit_most_records():
    assert recognize_format([ALPACA, {"text": "x"}], "x") is None
    # the import names the row
    assert recognize_format([ALPACA, ALPACA, {"instruction": "a"}], "x") == "alpaca"
    assert recognize_format([], "x") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("你好，世界", "zh"),
        ("用 print('你好世界') 输出问候", "zh"),
        ("What is 苹果?", None),
        ("日本語のテキスト", None),
        ("12", None),
    ],
)
def test_chinese_is_recognized_and_nothing_else(text, language):
    turns = [{"from": "human", "value": text}, {"from": "assistant", "value": text}]
    assert recognize_language([{"conversations": turns}], "sharegpt") == language
    assert recognize_language([{"text": text}, {"text": None}], "text") == language


def test_html_is_recognized_where_most_answers_are_html():
    def record(*answers: str) -> dict:
        return {"conversations": [{"from": "gpt", "value": answer} for answer in answers]}

    assert recognize_html([record("<p>a</p>", "<div>b</div>", "c")], "sharegpt")
    assert not recognize_html([record("<p>a</p>", "b")], "sharegpt")
    assert not recognize_html([record()], "sharegpt")
    # what the user typed does not count
    assert not recognize_html([{"instruction": "<p>a</p>", "output": "b"}], "alpaca")


def test_no_language_is_recognized_in_rows_of_an_unknown_or_wrong_format():
    assert recognize_language([{"text": "你好"}], None) is None
    assert recognize_language([{"text": "你好"}], "sharegpt") is None
