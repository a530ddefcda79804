"""Score the answers of one variant (`unquantized`, or a quantization scheme) into metric files."""

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from belle.config.evaluation_set import Metric
from belle.errors import UserError
from belle.evaluate.answers import ANSWERS, REPAIR, STATS, UNQUANTIZED, Answer, read_answers
from belle.files import read_json_object, sha256_of, write_json, write_tsv
from belle.progress import progress
from belle.score.metrics.registry import METRICS
from belle.score.scores import DIGITS, Scores, aggregate


class ScoredAnswer(NamedTuple):
    """An answer and its score, None when it is unscored."""

    answer: Answer
    score: float | None


def score_variant(
    variant: str, answers: Path, metrics: Mapping[str, Metric], seed: int, scores_dir: Path, details_dir: Path
) -> None:
    """Score the answers of a variant.

    VARIANT.json in `scores_dir` holds what experiments are compared by, for `dvc exp show` prints every key of it: the
    score, and of the unquantized model its interval. Everything else is in `details_dir`: VARIANT.json,
    VARIANT.categories.tsv and VARIANT.answers.tsv.

    Args:
        variant: `unquantized` or the name of a quantization scheme; also the key of its score.
        answers: directory with answers.jsonl and stats.json.
        metrics: category to metric; the answers of other categories are counted as unscored.
        seed: of the bootstrap.
        scores_dir: directory for the score.
        details_dir: directory for the details.

    Raises:
        UserError: a malformed input, or no answer that can be scored.
    """
    path = answers / ANSWERS
    scored = score_answers(read_answers(path), metrics)
    stats = read_json_object(answers / STATS, REPAIR)
    report_unscored(path, scored)
    pairs = [(one.answer.category, one.score) for one in scored if one.score is not None]
    scores = aggregate(pairs, seed)
    score = {variant: scores.overall.score}
    if variant == UNQUANTIZED:
        score |= {"ci_low": scores.overall.ci_low, "ci_high": scores.overall.ci_high}
    write_json(scores_dir / f"{variant}.json", score)
    details = summary_of(scores) | {"unscored": len(scored) - len(pairs), "answers_sha256": sha256_of(path)} | stats
    write_json(details_dir / f"{variant}.json", details)
    write_categories(details_dir / f"{variant}.categories.tsv", scores)
    write_answer_scores(details_dir / f"{variant}.answers.tsv", scored)


def score_answers(answers: list[Answer], metrics: Mapping[str, Metric]) -> list[ScoredAnswer]:
    """Score every answer by its category's metric, in order."""
    scored = []
    with progress("score", total=len(answers), unit="answers") as bar:
        for answer in answers:
            scored.append(ScoredAnswer(answer, score_answer(answer, metrics)))
            bar.advance()
    return scored


def score_answer(answer: Answer, metrics: Mapping[str, Metric]) -> float | None:
    """Score one answer by its category's metric, from 0 to 1; None without a metric or a usable reference."""
    metric = metrics.get(answer.category)
    if metric is None or answer.reference is None:
        return None
    return METRICS[metric](answer.answer, answer.reference)


def report_unscored(path: Path, scored: list[ScoredAnswer]) -> None:
    """Print, by category, how many answers have no score.

    Raises:
        UserError: none of them has one.
    """
    unscored = Counter(one.answer.category for one in scored if one.score is None)
    for category, count in sorted(unscored.items()):
        why = "the category has no metric, or its metric finds no usable reference"
        print(f"{path}: {category}: {count} answers unscored: {why}", file=sys.stderr)
    if unscored.total() == len(scored):
        raise UserError(
            f"{path}: no answer can be scored; give a metric, in the evaluation set's profile (configs/eval), "
            f"to a category whose questions have references (categories here: {', '.join(sorted(unscored))})"
        )


def summary_of(scores: Scores) -> dict[str, Any]:
    """Return the aggregated scores; `n` counts the scored answers."""
    return {
        "score": scores.overall.score,
        "score_without_others": scores.without_others,
        "ci_low": scores.overall.ci_low,
        "ci_high": scores.overall.ci_high,
        "n": sum(scores.counts.values()),
    }


def write_categories(path: Path, scores: Scores) -> None:
    """Write one line per category: category, n, score, ci_low, ci_high."""
    lines = [
        (name, scores.counts[name], _digits(one.score), _digits(one.ci_low), _digits(one.ci_high))
        for name, one in scores.categories.items()
    ]
    write_tsv(path, ("category", "n", "score", "ci_low", "ci_high"), lines)


def write_answer_scores(path: Path, scored: list[ScoredAnswer]) -> None:
    """Write one line per answer: id, category, score; the score is empty when the answer is unscored."""
    lines = [(answer.id, answer.category, "" if score is None else _digits(score)) for answer, score in scored]
    write_tsv(path, ("id", "category", "score"), lines)


def _digits(value: float) -> str:
    return f"{value:.{DIGITS}f}"
