"""What one must know before believing a comparison."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from belle.compare.by_people import people_notes
from belle.compare.one_choice import code_note
from belle.compare.pair import SIGNIFICANT, Pair
from belle.compare.result import Result
from belle.compare.scorer import mostly_unscored
from belle.compare.scoring_differences import code_difference, scoring_differences
from belle.compare.side import Side


def notes_of(sides: Sequence[Side], pairs: Sequence[Pair], scorer: str) -> list[str]:
    """Return one line for each thing that is not as it should be."""
    results = [result for side in sides for result in side.results]
    code = [note for side in sides if (note := code_note(side.results))]
    return [
        *mostly_unscored(sides, scorer),
        *people_notes(sides),
        *_of_results(results),
        *code,
        *_of_scoring(results, scorer),
        *_of_pairs(pairs),
    ]


def _of_results(results: Sequence[Result]) -> Iterator[str]:
    for reason in dict.fromkeys(result.stale for result in results if result.stale):
        labels = ", ".join(result.label for result in results if result.stale == reason)
        yield f"{labels}: scores of other params or inputs than those beside them: {reason}; run `dvc repro` there"
    if old := [result.label for result in results if not result.hashes[0]]:
        yield (
            f"{', '.join(old)}: scored in an older form, without what is known of truncated and contaminated answers; "
            "`dvc repro` scores again"
        )
    # of two results the sentences tell it
    for one, other in combinations(results, 2) if len(results) > 2 else []:
        digests = [result.details.get("answers_sha256") for result in (one, other)]
        if digests[0] is not None and digests[0] == digests[1]:
            yield f"{one.label} and {other.label} gave the same answers to all questions"


def _of_scoring(results: Sequence[Result], scorer: str) -> Iterator[str]:
    """Yield a line when the results were not scored in the same way."""
    first = results[0]
    for other in results[1:]:
        for difference in scoring_differences(first, other, scorer):
            yield f"{first.label} and {other.label} were not scored alike: {difference}"
        if code := code_difference(first, other, scorer):
            yield f"{first.label} and {other.label}: {code}"


def _of_pairs(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        if pair.unscored_p < SIGNIFICANT:
            found, questions = pair.overall, len(pair.a.first.ids)
            yield (
                f"answers are unscored more often on one side, {found.lost_a} of {pair.a.label} and {found.lost_b} of "
                f"{pair.b.label} of {questions} each: the difference may come from that"
            )
