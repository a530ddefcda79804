"""What one must know before believing a page."""

import sys
from collections.abc import Mapping, Sequence

from belle.compare.notes import notes_of
from belle.compare.result import Result
from belle.compare.side import Side
from belle.report.differences import Pairs
from belle.report.page_data.page import Note

Warnings = Mapping[str, tuple[str, ...]]
"""By scorer, what `belle compare` notes about a comparison by it."""


def notes_about(results: Sequence[Result], shared: int) -> list[Note]:
    """Return what holds whoever scores.

    Args:
        results: as they were loaded.
        shared: how many questions all of them have.
    """
    notes = [Note("noteSeeds")] if len(results) > 1 else []
    left = len({one for result in results for one in result.ids}) - shared
    return [*notes, Note("noteShared", {"count": str(left)})] if left else notes


def warnings_of(results: Sequence[Result], pairs: Mapping[str, Pairs]) -> dict[str, tuple[str, ...]]:
    """Return the notes of `belle compare`, by scorer.

    Args:
        results: of each system, to the same questions.
        pairs: by scorer.
    """
    return {
        scorer: tuple(notes_of(_sides(results, scorer), list(found.values()), scorer))
        for scorer, found in pairs.items()
    }


def _sides(results: Sequence[Result], scorer: str) -> list[Side]:
    return [Side("", result.label, (result,)) for result in results if scorer in result.scores]


def print_warnings(warnings: Warnings) -> None:
    """Print each warning once to standard error; one that not all scorers have names its scorers."""
    for note in dict.fromkeys(note for notes in warnings.values() for note in notes):
        by = [scorer for scorer, notes in warnings.items() if note in notes]
        print(f"note: {note}" if len(by) == len(warnings) else f"note: {', '.join(by)}: {note}", file=sys.stderr)
