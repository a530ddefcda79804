"""Score the answers of one variant (`unquantized`, or a quantization scheme) into metric files."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from belle.config.evaluate import ScorerChoice
from belle.config.evaluation_set import Metric
from belle.errors import UserError
from belle.evaluate.answers import ANSWERS, UNQUANTIZED
from belle.files import sha256_of, write_json
from belle.score.by_judges import score_by_judges
from belle.score.by_metrics import score_by_metrics
from belle.score.contamination import flags_with_contamination
from belle.score.details import agreements, answer_shares, repeats_of_judge, scorer_details
from belle.score.human import repeats_by_person, score_by_people, unused_files, unused_note
from belle.score.inputs import Evaluation, Inputs, read_evaluation
from belle.score.metrics_code import metrics_digest
from belle.score.notes import few_notes, lone_notes, parse_rate_notes, print_notes, unscored_notes
from belle.score.scores import Scores, aggregate, rounded
from belle.score.scoring import JUDGE, METRICS, Scoring
from belle.score.tables import write_answer_scores, write_judgments

PREFIXES = {METRICS: ("", ""), JUDGE: ("_judge", "judge_")}
"""Of the scorers that experiments are compared by: what ends the key of a score, what begins those of its interval."""


def score_variant(
    variant: str,
    inputs: Inputs,
    scorer: ScorerChoice,
    metrics: Mapping[str, Metric],
    execute_code: bool,
    scores_dir: Path,
    details_dir: Path,
) -> None:
    """Score the answers of a variant.

    VARIANT.json in `scores_dir` holds what experiments are compared by, for `dvc exp show` prints every key of it: the
    score by metrics, by the judge where most answers have one, and of the unquantized model their intervals. The rest
    is in `details_dir`: VARIANT.json, VARIANT.answers.tsv and VARIANT.judgments.tsv.

    Args:
        variant: `unquantized` or the name of a quantization scheme; also the key of its score.
        inputs: where everything is read from.
        scorer: what must score the answers; people's scores count beside it.
        metrics: category to metric; the answers of other categories are counted as unscored.
        execute_code: whether metrics may run answers, in a sandbox.
        scores_dir: directory for the score.
        details_dir: directory for the details.

    Raises:
        UserError: a malformed input, or a scorer that scores no answer.
    """
    found, path = read_evaluation(inputs), inputs.answers / ANSWERS
    scorings = list(_scorings(found, scorer, metrics, execute_code))
    print_notes(str(path), (note for one in scorings for note in unscored_notes(one, found.categories)))
    scorings = [one for one in scorings if one.scored]
    _check_scored(scorings, scorer, path, inputs.judgments)
    scores = {one.scorer: aggregate(one.scores, found.categories) for one in scorings}
    print_notes(str(path), chain(*(lone_notes(*pair) for pair in scores.items()), parse_rate_notes(scorings)))
    print_notes(str(inputs.judgments), few_notes(scorings))
    for file in unused_files(found.answers, found.human):
        print_notes(file, [unused_note(found.human[file], variant)])
    flags = flags_with_contamination(found.answers, found.contaminated)
    digests = {"answers_sha256": sha256_of(path), "metrics_sha256": metrics_digest()}
    details = details_of(found, scorings, scores, flags) | digests | found.stats
    compared = {one.scorer: scores[one.scorer] for one in scorings if one.scorer == METRICS or one.mostly_scored}
    write_json(scores_dir / f"{variant}.json", compared_by(variant, compared))
    write_json(details_dir / f"{variant}.json", details)
    write_answer_scores(details_dir / f"{variant}.answers.tsv", found.answers, flags, scorings)
    write_judgments(details_dir / f"{variant}.judgments.tsv", found.verdicts)


def compared_by(variant: str, scores: Mapping[str, Scores]) -> dict[str, float | None]:
    """Return what experiments are compared by: one score per scorer, for the unquantized model with its interval."""
    found = {}
    for scorer, (end, begin) in PREFIXES.items():
        if scorer in scores:
            overall = scores[scorer].overall
            found[f"{variant}{end}"] = rounded(overall.estimate)
            if variant == UNQUANTIZED:
                found |= {f"{begin}ci_low": rounded(overall.low), f"{begin}ci_high": rounded(overall.high)}
    return found


def details_of(
    found: Evaluation, scorings: Sequence[Scoring], scores: Mapping[str, Scores], flags: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """Return what else is known of the scores: by scorer, of the answers, between scorers, of the judges."""
    return {
        "scorers": {
            one.scorer: scorer_details(one, scores[one.scorer], found.categories)
            | repeats_of_judge(one.scorer, found.answers, found.verdicts)
            for one in scorings
        },
        "answers": answer_shares(flags),
        "agreement": agreements(scorings, repeats_by_person(found.answers, found.human)),
        "judges": found.judges,
    }


def _scorings(
    found: Evaluation, scorer: ScorerChoice, metrics: Mapping[str, Metric], execute_code: bool
) -> Iterator[Scoring]:
    if scorer != JUDGE:
        yield score_by_metrics(found.answers, metrics, execute_code)
    yield from score_by_judges(found.answers, found.verdicts)
    yield from score_by_people(found.answers, found.human)


def _check_scored(scorings: Sequence[Scoring], scorer: ScorerChoice, answers: Path, judgments: Path) -> None:
    """Refuse to go on without a score of a scorer that was chosen."""
    names = {one.scorer for one in scorings}
    if scorer != JUDGE and METRICS not in names:
        raise UserError(
            f"{answers}: no answer can be scored by rule; give a metric, in the evaluation set's profile "
            "(configs/eval), to a category whose questions have references, or set evaluate.scorer to judge"
        )
    if scorer != METRICS and JUDGE not in names:
        raise UserError(
            f"{judgments}: no reply of the judge has a score; look at its replies.jsonl, then change evaluate.judge "
            "or set evaluate.scorer to metrics"
        )
