"""Drop rows that hold a word or phrase of a list."""

from dataclasses import dataclass

import pyarrow as pa

from belle.clean.filters.content import MessageFilter
from belle.config.clean import CleanParams
from belle.data.simplified import simplified

BELLE = (
    *("图像", "图片", "照片", "文件", "图表", "图层", "曲线图", "折线图", "直线图", "柱形图", "饼状图", "链接"),
    *("http", "OpenAI", "chatgpt", "gpt-3", "gpt-3.5", "gpt-4"),
)
"""What BELLE's generation of questions looked for (`data/1.5M/generate_instruction.py`), to keep to tasks that need
text alone: in question, input and answer, with this case."""

LONGEST_START = 4
"""Characters by which texts that may hold a phrase are found."""


@dataclass(frozen=True)
class Blacklisted(MessageFilter):
    """Drop rows with one of some phrases; letters have the case they are written in.

    Attributes:
        listed: the phrases, not empty.
    """

    listed: tuple[str, ...]
    reason = "blacklist"

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "Blacklisted | None":
        """Take the phrases of params.yaml, and BELLE's when they are switched on; off when there are none."""
        own, belle = params.filters.blacklist or (), BELLE if params.filters.belle_blacklist else ()
        phrases = pa.array([*own, *belle], pa.string())
        # rows are judged as they will be written
        listed = simplified(phrases) if params.simplify else phrases
        return cls(tuple(listed.to_pylist())) if own or belle else None

    def see_in(self, texts: pa.Array) -> dict[int, str]:
        """Return the phrase of each text that has one, the one that is listed first."""
        # a regular expression of some thousand phrases takes milliseconds per text, this takes microseconds
        width = min(LONGEST_START, *map(len, self.listed))
        starts = {tuple(phrase[:width]) for phrase in self.listed}
        seen = {}
        for at, text in enumerate(texts.to_pylist()):
            if not starts.isdisjoint(zip(*(text[place:] for place in range(width)), strict=False)):
                seen[at] = next((phrase for phrase in self.listed if phrase in text), "")
        return {at: phrase for at, phrase in seen.items() if phrase}
