"""Drop rows whose question speaks of a text, table or picture that is not there."""

import re
from dataclasses import dataclass

import pyarrow as pa

from belle.clean.filters.content import ContentFilter, Seen, candidates, phrases
from belle.config.clean import CleanParams

NOUN = (
    r"(?:文章|文本|文字|段落|句子|语句|短文|故事|新闻|报道|对话|评论|表格|数据集?|列表|清单|诗|诗歌|邮件|信件|博客|论文|摘要"
    r"|图片|图像|照片|图表|视频|音频|录音|链接|网页|文件|文档|代码|单词|词语|词汇|方程式?|产品描述|材料|内容|信息)"
)
ABOVE = r"(?:上述|上面|以上|前面)"
BELOW = r"(?:以下|下面|下列|如下|所给|所附|所示|附带)"
THIS = r"(?:这|此|该|本)(?:一)?(?:篇|段|个|张|份|组|首|则|条|句|幅|些)|所?提供的|给定的?"
MEASURE = r"(?:给出|提供|列出|的|这|一|两|几|二|三|些|段|篇|个|张|份|组|首|则|条|句|幅){0,4}"
POINTS = rf"(?:{BELOW}|{ABOVE}|{THIS}){MEASURE}{NOUN}"
POINTS_ENGLISH = (
    r"(?i:\b(?:following|above|below|given|provided|attached|this|these) "
    r"(?:text|passage|article|paragraph|sentences?|table|data|list|story|poem|email|image|picture|photo|document|code)\b)"
)
GENERAL = (
    r"如何|怎[样么]|什么是|为什么|函数|算法|程序来|脚本|代码来|编写|查询|方法|步骤|技巧|系统|设计|应用"
    r"|(?i:\bhow\b|\bwhat is\b|\bfunction\b|\bprogram\b)"
)
"""A question about any text (`编写函数反转给定的文本`) needs none."""
HOLDS = r"[:：\n“”\"「」《》<`]|[。？！?!.；;]\s*\S|\\n|https?://|\d{2,}"
"""What may hold the text itself: a colon, a line break, quotation marks, a second sentence, a number."""
ENGLISH_TEXT = r"(?:[a-zA-Z]+ ){3}[a-zA-Z]"
"""What may hold the text itself in a Chinese question."""
SORRY = r"(?:(?:非常|很)?(?:抱歉|对不起|不好意思)[，,。！]?\s?)?"
PLEASE = rf"(?:请|麻烦)(?:您|你)?(?:先|再)?(?:提供|给出|附上|输入|发送|粘贴)[^。\n]{{0,12}}{NOUN}"
NOT_GIVEN = r"但?(?:您|你)(?:好像|似乎)?(?:没有|并未|未|还没有?)(?:提供|给出|附上|指定|列出)"
NONE_GIVEN = rf"(?:由于|因为)?(?:没有|未|缺少|缺乏)(?:提供|给出|给定)?(?:具体|足够|任何|相关)?的?{NOUN}"
ASKS_ENGLISH = (
    r"(?i:(?:i'm |i am )?(?:sorry[,.] )?(?:but )?(?:please provide|you (?:did not|didn't|haven't) provide|there is no )"
    r"[^.\n]{0,20}(?:text|passage|article|paragraph|sentence|table|data|list|input|image|picture|document))"
)
ASKS = rf"\A(?:{SORRY}(?:{NOT_GIVEN}|{PLEASE}|{NONE_GIVEN})|{ASKS_ENGLISH})"
"""How an answer asks for what is missing."""


@dataclass(frozen=True)
class MissingInput(ContentFilter):
    """Drop conversations whose first question is one sentence about a given text, or whose answer asks for the text.

    A system message before the question may hold the text, so the question alone says nothing then.
    """

    reason = "missing_input"
    tables = ("conversations",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "MissingInput | None":
        """Switched in params.yaml."""
        return cls() if params.filters.missing_input else None

    def see(self, roles: pa.Array, contents: pa.Array) -> Seen:
        """Return the words that speak of the missing text, or ask for it."""
        asked, answered = _at(0, "user", roles, contents), _at(1, "assistant", roles, contents)
        seen = {at: missing(text) for at, text in candidates(asked, f"{POINTS}|{POINTS_ENGLISH}").items()}
        seen |= phrases(answered, ASKS)
        return [seen.get(at) for at in range(len(contents))]


def missing(question: str) -> str | None:
    """Return the words by which a question points to a text that it does not hold, None when there are none."""
    sentence = question.rstrip("。？！?!.：:")
    has_english = not sentence.isascii() and re.search(ENGLISH_TEXT, sentence)
    if has_english or re.search(HOLDS, sentence) or re.search(GENERAL, sentence):
        return None
    points = re.search(f"{POINTS}|{POINTS_ENGLISH}", sentence)
    return points[0] if points else None


def _at(place: int, role: str, roles: pa.Array, contents: pa.Array) -> pa.Array:
    """Return the message at one place of each row, empty where it is another role's: string [rows]."""
    rows = zip(roles.to_pylist(), contents.to_pylist(), strict=True)
    found = [texts[place] if who[place : place + 1] == [role] else "" for who, texts in rows]
    return pa.array(found, pa.large_string())
