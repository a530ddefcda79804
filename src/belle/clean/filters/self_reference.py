"""Drop rows whose answer speaks of itself as an AI."""

from dataclasses import dataclass

import pyarrow as pa

from belle.clean.filters.content import MessageFilter, phrases
from belle.config.clean import CleanParams

A = r"(?:一[个名款台种位])?(?:由[^，。,.\s]{1,12}(?:训练|开发|研发|创建)的)?(?:基于[^，。,.\s]{1,12}的|大型|大规模)?\s?"
KIND = r"(?:(?:AI|ＡＩ|人工智能|(?:Chat)?GPT|语言|虚拟|智能|聊天|对话|机器学习)[ -]?){1,3}"
BEING = r"(?:模型|助手|助理|程序|机器人)"
ALONE = r"(?:AI|ＡＩ|人工智能|ChatGPT)\s?(?:[，,。.！!]|$)"
AN_AI = r"an? (?:AI|artificial intelligence|(?:large )?language model|chatbot|virtual assistant)(?: language)?"
PATTERN = "|".join(
    (
        rf"(?:作为|身为){A}(?:{KIND}{BEING}|{ALONE})",
        rf"我(?:只|仅仅?)?是{A}(?:{KIND}{BEING}|{ALONE})",
        r"我[^。！？\n]{0,12}OpenAI\s?(?:训练|开发|研发|创建)",
        rf"(?i:\bas {AN_AI}(?: model| assistant| system)?(?:,|\.| I\b))",
        rf"(?i:\bI(?:'m|’m| am)(?: just| only)? {AN_AI}(?: model| assistant)?(?:,|\.| and\b| that\b| trained\b))",
        r"(?i:\bI(?:'m|’m| am| was) [^.\n]{0,40}\b(?:trained|developed|created) by OpenAI\b)",
    )
)
"""An AI that is a profession, a subject or a thing in the text (`作为一名AI工程师`) is none."""


@dataclass(frozen=True)
class SelfReference(MessageFilter):
    """Drop rows with an answer in which the model calls itself an AI: `作为一个人工智能语言模型`, `As an AI`."""

    reason = "self_reference"
    roles = ("assistant",)
    tables = ("conversations",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "SelfReference | None":
        """Switched in params.yaml."""
        return cls() if params.filters.self_reference else None

    def see_in(self, texts: pa.Array) -> dict[int, str]:
        """Return the words by which it calls itself."""
        return phrases(texts, PATTERN)
