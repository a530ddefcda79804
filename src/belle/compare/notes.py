"""What one must know before believing a comparison."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from belle.compare.pairs import SIGNIFICANT, Pair
from belle.compare.results import Result
from belle.compare.sides import Side
from belle.score.scoring import METRICS


def notes_of(sides: Sequence[Side], pairs: Sequence[Pair], scorer: str) -> list[str]:
    """Return one line for each thing that is not as it should be."""
    results = [result for side in sides for result in side.results]
    return [*_of_results(results), *_of_scoring(results, scorer), *_of_pairs(pairs)]


def _of_results(results: Sequence[Result]) -> Iterator[str]:
    for reason in dict.fromkeys(result.stale for result in results if result.stale):
        labels = ", ".join(result.label for result in results if result.stale == reason)
        yield f"{labels}: scores of other params or inputs than those beside them: {reason}; run `dvc repro` there"
    if old := [result.label for result in results if not result.hashes[0]]:
        yield (
            f"{', '.join(old)}: scored in an older form, without what is known of truncated and contaminated answers; "
            "`dvc repro` scores again"
        )
    for one, other in combinations(results, 2):
        digests = [result.details.get("answers_sha256") for result in (one, other)]
        if digests[0] is not None and digests[0] == digests[1]:
            yield f"{one.label} and {other.label} gave the same answers to all questions"


def _of_scoring(results: Sequence[Result], scorer: str) -> Iterator[str]:
    """Yield a line when the results were not scored in the same way."""
    first = results[0]
    for other in results[1:]:
        if scorer == METRICS and _differ(first.scored_by, other.scored_by):
            yield f"{first.label} and {other.label} were scored by different metrics; `dvc repro` scores them alike"
        judges = [(result.details.get("judges") or {}).get(scorer) or {} for result in (first, other)]
        models = [", ".join(judge.get("reported_models") or {}) for judge in judges]
        if models[0] != models[1]:
            yield f"{first.label} was judged by {models[0] or 'nobody'}, {other.label} by {models[1] or 'nobody'}"


def _of_pairs(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        if pair.unscored_p < SIGNIFICANT:
            found, questions = pair.overall, len(pair.a.first.ids)
            yield (
                f"answers are unscored more often on one side, {found.lost_a} of {pair.a.label} and {found.lost_b} of "
                f"{pair.b.label} of {questions} each: the difference may come from that"
            )


def _differ(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two mappings have another value for a key that both have."""
    return any(one[key] != other[key] for key in one.keys() & other.keys())
