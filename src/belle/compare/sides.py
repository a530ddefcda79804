"""Load what is compared with what."""

from collections.abc import Sequence
from string import ascii_uppercase

from belle.compare.one_choice import check_one_choice
from belle.compare.questions import check_same_questions
from belle.compare.result import Result
from belle.compare.results import load_results
from belle.compare.side import Side
from belle.errors import UserError


def load_sides(names: Sequence[str]) -> list[Side]:
    """Load what is compared: names as `load_results` reads them; commas join several training seeds of one choice.

    Raises:
        UserError: fewer than two, names that cannot be loaded, other questions, or seeds of more than one choice.
    """
    if len(names) < 2:
        raise UserError("name two or more experiments, commits or variants: belle compare A B")
    if len(names) > len(ascii_uppercase):
        raise UserError(f"{len(names)} names; at most {len(ascii_uppercase)} are compared at once")
    parts = [name.split(",") for name in names]
    results = load_results([part for group in parts for part in group])
    for other in results[1:]:
        check_same_questions(results[0], other)
    waiting = iter(results)
    return [
        _side(letter, [next(waiting) for _ in group]) for letter, group in zip(ascii_uppercase, parts, strict=False)
    ]


def _side(letter: str, results: list[Result]) -> Side:
    if len(results) == 1:
        return Side(letter, results[0].label, tuple(results))
    check_one_choice(results)
    ordered = sorted(results, key=lambda result: result.params["seed"])
    return Side(letter, f"{results[0].label} ({len(results)} seeds)", tuple(ordered))
