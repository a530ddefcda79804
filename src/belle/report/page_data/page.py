"""The page as a whole."""

from dataclasses import dataclass, field

from belle.report.page_data.comparisons import Agreement, Difference
from belle.report.page_data.questions import Answer, Judgment, Question
from belle.report.page_data.systems import System


@dataclass(frozen=True)
class Note:
    """A sentence above the scores: its name in page/text.js, and what is filled in."""

    name: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PageData:
    """All of it. `answers` and `judgments` are by system, then by question; `warnings`, in English, by scorer."""

    title: str
    scorers: tuple[str, ...]
    categories: tuple[str, ...]
    systems: tuple[System, ...]
    questions: tuple[Question, ...]
    answers: tuple[tuple[Answer, ...], ...]
    judgments: tuple[tuple[tuple[Judgment, ...], ...], ...] = ()
    differences: tuple[Difference, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    notes: tuple[Note, ...] = ()
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
