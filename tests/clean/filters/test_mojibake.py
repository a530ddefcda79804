import pytest

from belle.clean.filters.mojibake import Mojibake
from factories import conversation

from .see_one import see_one

SENTENCES = ["你好", "今天天气很好，我们去公园散步吧。", "机器学习是人工智能的一个分支", "请翻译以下句子"]


def misread(text: str, written: str, read: str) -> str:
    return text.encode(written).decode(read, "ignore")


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize(("written", "read"), [("utf-8", "gbk"), ("gbk", "latin-1"), ("utf-8", "latin-1")])
def test_chinese_in_a_wrong_encoding_is_seen(text, written, read):
    assert see_one(Mojibake(), conversation("问", f"回答：{misread(text, written, read)}"))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("浣犲ソ锛屼笘鐣", "UTF-8 read as GBK: 浣犲ソ锛屼笘 is 你好，世"),
        ("ÄãºÃ", "GBK read as Latin-1: ÄãºÃ is 你好"),
        ("它的名字是���。", "replacement characters: ���"),
        ("正文锟斤拷锟斤拷", "replacement characters: 锟斤拷"),
        ("烫烫烫烫烫烫", "replacement characters: 烫烫烫"),
        ("The cafÃ© doesnâ€™t open", "wrong encoding: fÃ©"),
    ],
)
def test_the_damage_is_shown(text, seen):
    assert see_one(Mojibake(), text) == seen


@pytest.mark.parametrize(
    "text",
    [
        *SENTENCES,
        "“中文”……¥100×200°C，x²+y²≤½",
        "20××年××月××日 ····第一章····",
        "Ça va? déjà vu, naïve, Über, Ångström, ÄÖÜß, façade, Ñandú",
        "« Où ça ? » demanda-t-il — « là-bas »",
        "¿Cómo estás? ¡Muy bien! £100–€200",
        "Việt Nam đã phát triển nhanh chóng",
        "Это предложение на русском языке",
        "他的手被烫了一下；屯里的人都来了。",
        "涓涓细流，汇成江河；浣熊在洗东西；鐵路與瀋陽。",
        "日本語のテキストと한국어",
    ],
)
def test_proper_text_is_kept(text):
    assert see_one(Mojibake(), text) is None
