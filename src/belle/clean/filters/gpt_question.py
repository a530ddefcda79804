"""Drop rows whose question tells a GPT model what to do: a trace of the prompt that the question was generated with."""

from dataclasses import dataclass

import pyarrow as pa

from belle.clean.filters.content import MessageFilter, phrases
from belle.config.clean import CleanParams

GPT = r"(?:一个)?\s?(?:Chat)?GPT(?:-?\d(?:\.\d)?)?\s?(?:语言)?(?:模型|助手|助理)?\s?"
DOES = (
    r"(?:来|应该?|需要?|必须|能够?|可以|去|将|会|要|帮助?|为|根据|想|找|写|做|生成|回答|编写|创建|提供|描述|列出|解释|完成|总结|给出"
    r"|执行|撰写|翻译|判断|识别)"
)
CLAUSE = r"(?:\A|[，。,；;\n并])"
PATTERN = "|".join(
    (
        rf"(?:要求|让|请|令|命令|指示|训练|需要|期望|希望|以便|使得?)\s?{GPT}{DOES}",
        rf"{CLAUSE}(?:请你?)?(?:使用|利用|用|由)\s?{GPT}{DOES}",
        rf"{CLAUSE}{GPT}(?:应该?|需要?|必须|要|能够|将|可以)(?:能|能够|会)?\S",
        rf"(?:作为|身为)\s?{GPT}[，,]",
    )
)
"""BELLE's generation deleted 36 such phrases (`要求GPT`, `让GPT`, `以便GPT能够`, …) from its questions, and dropped
those that still held `GPT`. A question about GPT is none."""


@dataclass(frozen=True)
class GptQuestion(MessageFilter):
    """Drop rows with a question that tells a GPT model what to do: `让GPT生成一首诗`."""

    reason = "gpt_question"
    roles = ("user",)
    tables = ("conversations",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "GptQuestion | None":
        """Switched in params.yaml."""
        return cls() if params.filters.gpt_questions else None

    def see_in(self, texts: pa.Array) -> dict[int, str]:
        """Return the words that address the model."""
        return phrases(texts, PATTERN)
