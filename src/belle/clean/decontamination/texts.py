"""Drop texts for pre-training that hold an evaluation question word for word."""

from collections.abc import Callable
from dataclasses import dataclass

from belle.clean.filters.filter import Filter
from belle.config.clean import CleanParams
from belle.data.cleaned import CONTAMINATED
from belle.libraries.daft_setup import daft

SHORTEST_QUESTION_IN_TEXT = 6
"""In characters of its key: a shorter question (`你好`) stands in a text by chance."""

Finder = Callable[[str], str | None]
"""From the key of a text to the id of the first question in it, or null."""


@dataclass(frozen=True)
class ContaminatedText(Filter):
    """Drop texts that contain an evaluation question word for word.

    A question shorter than `SHORTEST_QUESTION_IN_TEXT` must be the whole text.

    Attributes:
        questions: comparison key of each evaluation question → its id.
    """

    questions: dict[str, str]
    reason = CONTAMINATED
    tables = ("texts",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "ContaminatedText | None":
        """Take the evaluation questions, unless decontamination is switched off."""
        return cls(questions) if params.decontaminate.exact else None

    def drops(self) -> daft.Expression:
        """Look whether a question was found."""
        return daft.col("question_in_text").not_null()

    def match(self) -> daft.Expression:
        """Return the question's id."""
        return daft.col("question_in_text")

    def columns(self) -> dict[str, daft.Expression]:
        """Return the id of the first question found."""
        find = self.finder()

        @daft.func.batch(return_dtype=daft.DataType.string(), use_process=False)
        def question(keys: daft.Series) -> list[str | None]:
            return [find(text) for (text,) in keys.to_pylist()]

        return {"question_in_text": question(daft.col("keys"))}

    def finder(self) -> Finder:
        """Look the first characters of the questions up at every position of the text, then compare."""
        width, by_start = SHORTEST_QUESTION_IN_TEXT, self.by_start()

        def find(text: str) -> str | None:
            if text in self.questions:
                return self.questions[text]
            for at in range(len(text) - width + 1):
                for question in by_start.get(text[at : at + width], ()):
                    if stands_at(question, text, at):
                        return self.questions[question]
            return None

        return find

    def by_start(self) -> dict[str, list[str]]:
        """Return the questions that are long enough, by their first characters."""
        found: dict[str, list[str]] = {}
        for question in self.questions:
            if len(question) >= SHORTEST_QUESTION_IN_TEXT:
                found.setdefault(question[:SHORTEST_QUESTION_IN_TEXT], []).append(question)
        return found


def stands_at(question: str, text: str, start: int) -> bool:
    """Return whether a text contains the question at `start`, cutting no number: not `2+3` in `12+3`."""
    stop = start + len(question)
    cuts = any(0 < at < len(text) and text[at - 1 : at + 1].isdecimal() for at in (start, stop))
    return text.startswith(question, start) and not cuts
