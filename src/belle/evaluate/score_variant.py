"""Score the answers of one variant (`unquantized`, or a quantization scheme) into metric files."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from belle.config.evaluation_set import Metric
from belle.errors import UserError
from belle.evaluate.answers import ANSWERS, REPAIR, STATS, Answer, read_answers
from belle.evaluate.metrics.registry import METRICS
from belle.evaluate.scores import DIGITS, Scores, aggregate
from belle.files import fresh_file, read_json_object, write_json
from belle.progress import progress


class ScoredAnswer(NamedTuple):
    """An answer and its score, None when it is unscored."""

    answer: Answer
    score: float | None


def score_variant(variant: str, answers: Path, metrics: Mapping[str, Metric], seed: int, out: Path) -> None:
    """Score the answers of a variant into VARIANT.json, VARIANT.categories.tsv and VARIANT.answers.tsv.

    Args:
        variant: `unquantized` or the name of a quantization scheme; also the root of its metrics.
        answers: directory with answers.jsonl and stats.json.
        metrics: category to metric; the answers of other categories are counted as unscored.
        seed: of the bootstrap.
        out: directory of the metric files.

    Raises:
        UserError: a malformed input, or no answer that can be scored.
    """
    path = answers / ANSWERS
    scored = score_answers(read_answers(path), metrics)
    stats = read_json_object(answers / STATS, REPAIR)
    report_unscored(path, scored)
    pairs = [(one.answer.category, one.score) for one in scored if one.score is not None]
    scores = aggregate(pairs, seed)
    summary = dict(**summary_of(scores), unscored=len(scored) - len(pairs), **stats)
    write_json(out / f"{variant}.json", {variant: summary})
    write_categories(out / f"{variant}.categories.tsv", scores)
    write_answer_scores(out / f"{variant}.answers.tsv", scored)


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
    _write_tsv(path, ("category", "n", "score", "ci_low", "ci_high"), lines)


def write_answer_scores(path: Path, scored: list[ScoredAnswer]) -> None:
    """Write one line per answer: id, category, score; the score is empty when the answer is unscored."""
    lines = [(answer.id, answer.category, "" if score is None else _digits(score)) for answer, score in scored]
    _write_tsv(path, ("id", "category", "score"), lines)


def _digits(value: float) -> str:
    return f"{value:.{DIGITS}f}"


def _write_tsv(path: Path, header: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> None:
    with fresh_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
