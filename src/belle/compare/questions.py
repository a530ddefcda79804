"""Have two results answered the same questions? Equal ids are not enough: words and references must be equal."""

from collections.abc import Sequence

from belle.compare.cache import cached_file
from belle.compare.result import Result
from belle.data.questions import Question, read_questions
from belle.errors import UserError

ADVICE = "compare experiments with the same evaluate.set and evaluate.limit"


def check_same_questions(a: Result, b: Result) -> None:
    """Raise a UserError when two results are not answers to the same questions with the same references.

    The questions themselves are read when dvc.lock says that the two were given other files.
    """
    if a.ids != b.ids:
        if sorted(a.ids) == sorted(b.ids):
            raise UserError(f"{a.label} and {b.label} answered the same questions in another order; {ADVICE}")
        first = next(one for one in [*a.ids, *b.ids] if one not in a.ids or one not in b.ids)
        raise UserError(
            f"{a.label} and {b.label} answered different questions: {len(a.ids)} and {len(b.ids)}, "
            f"{len(set(a.ids) & set(b.ids))} in common; {first} is the first that only one has; {ADVICE}"
        )
    if a.questions and b.questions and a.questions != b.questions:
        _check_words(a, b)
    changed = [one for one, *both in zip(a.ids, a.categories, b.categories, strict=True) if both[0] != both[1]]
    if changed:
        raise UserError(_versions(a, b, changed, "categories"))


def _check_words(a: Result, b: Result) -> None:
    found = [_questions_of(one) for one in (a, b)]
    if found[0] is None or found[1] is None:
        raise UserError(
            f"{a.label} and {b.label} were given two versions of the evaluation set, and which questions differ is not "
            f"known: `dvc fetch --all-commits data/eval` brings both; {ADVICE}"
        )
    changed = [one for one in a.ids if found[0].get(one) != found[1].get(one)]
    if changed:
        raise UserError(_versions(a, b, changed, "questions, references or categories"))


def _questions_of(result: Result) -> dict[str, Question] | None:
    """Return the questions of a result by id; None when they are not in DVC's cache."""
    path = cached_file(result.questions) if result.questions else None
    return None if path is None else {one.id: one for one in read_questions(path, None)}


def _versions(a: Result, b: Result, changed: Sequence[str], what: str) -> str:
    return (
        f"{a.label} and {b.label} answered two versions of the evaluation set: {what} differ in {len(changed)} of "
        f"{len(a.ids)}, first in {changed[0]}; {ADVICE}"
    )
