"""Find evaluation questions that stand in texts for pre-training, word for word."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

SHORTEST_QUESTION_IN_TEXT = 6
"""In characters of its key: a shorter question (`你好`) stands in a text by chance."""


@dataclass(frozen=True)
class QuestionsInTexts:
    """Finds evaluation questions in texts; one shorter than `SHORTEST_QUESTION_IN_TEXT` must be the whole text.

    Attributes:
        questions: comparison key of each evaluation question → its id.
    """

    questions: Mapping[str, str]

    def find(self, text: str) -> Iterator[str]:
        """Yield the ids of the questions in a text, given by its comparison key, in the order of their places.

        The first characters of the questions are looked up at every position of the text, then the rest is compared.
        """
        if text in self.questions:
            yield self.questions[text]
            return
        by_start, width = self._by_start, SHORTEST_QUESTION_IN_TEXT
        for at in range(len(text) - width + 1):
            for question in by_start.get(text[at : at + width], ()):
                if stands_at(question, text, at):
                    yield self.questions[question]

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        """The questions that are long enough, by their first characters."""
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
