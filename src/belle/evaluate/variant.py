"""Score one variant (`full`, the unquantized model, or a quantized one): eval/VARIANT to metrics/eval."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from belle.config.evaluation_set import Rule
from belle.errors import UserError
from belle.evaluate.answers import ANSWERS, FACTS, REPAIR, Answer, read_answers
from belle.evaluate.rules.registry import score_answer
from belle.evaluate.scores import DIGITS, Scores, aggregate
from belle.files import fresh_file, write_json
from belle.progress import progress

EVAL = Path("eval")
METRICS = Path("metrics/eval")


class Row(NamedTuple):
    """An answer and its score, None when it is unscored."""

    answer: Answer
    score: float | None


def score_variant(variant: str, rules: Mapping[str, Rule], seed: int) -> None:
    """Score eval/VARIANT by rule into metrics/eval/VARIANT.json, VARIANT.categories.tsv and VARIANT.rows.tsv.

    Args:
        variant: `full` or the name of a quantization scheme; also the metrics' name space.
        rules: category to rule; the answers of other categories are counted as unscored.
        seed: of the bootstrap.

    Raises:
        UserError: a malformed input, or no answer that can be scored.
    """
    path = EVAL / variant / ANSWERS
    rows, facts = score_rows(read_answers(path), rules), read_facts(EVAL / variant / FACTS)
    report_unscored(path, rows)
    scored = [(row.answer.category, row.score) for row in rows if row.score is not None]
    scores = aggregate(scored, seed)
    metrics = dict(**metrics_of(scores), unscored=len(rows) - len(scored), **facts)
    write_json(METRICS / f"{variant}.json", {variant: metrics})
    write_categories(METRICS / f"{variant}.categories.tsv", scores)
    write_rows(METRICS / f"{variant}.rows.tsv", rows)


def read_facts(path: Path) -> dict[str, Any]:
    """Read the JSON object of what generating measured: size, distance to the full model."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; run its generate stage first") from None
    except ValueError as error:
        raise UserError(f"{path}: not valid JSON: {error}; {REPAIR}") from None
    if not isinstance(facts, dict):
        raise UserError(f"{path}: expected an object, found {type(facts).__name__}; {REPAIR}")
    return facts


def score_rows(answers: list[Answer], rules: Mapping[str, Rule]) -> list[Row]:
    """Score every answer by its category's rule, in order."""
    rows = []
    with progress("score", total=len(answers), unit="answers") as bar:
        for answer in answers:
            rows.append(Row(answer, score_answer(answer, rules)))
            bar.advance()
    return rows


def report_unscored(path: Path, rows: list[Row]) -> None:
    """Print, by category, how many answers have no score; refuse to go on when none has one."""
    unscored = Counter(row.answer.category for row in rows if row.score is None)
    for category, count in sorted(unscored.items()):
        why = "the category has no rule, or its rule finds no usable reference"
        print(f"{path}: {category}: {count} answers unscored: {why}", file=sys.stderr)
    if unscored.total() == len(rows):
        raise UserError(
            f"{path}: no answer can be scored; give a rule, in the evaluation set's profile (configs/eval), "
            f"to a category whose questions have references (categories here: {', '.join(sorted(unscored))})"
        )


def metrics_of(scores: Scores) -> dict[str, Any]:
    """Return the metrics that are aggregates; `n` counts the scored answers."""
    return {
        "score": scores.overall.score,
        "score_wo_others": scores.without_others,
        "ci_low": scores.overall.ci_low,
        "ci_high": scores.overall.ci_high,
        "n": sum(scores.counts.values()),
    }


def write_categories(path: Path, scores: Scores) -> None:
    """Write one line a category: category, n, score, ci_low, ci_high."""
    lines = [
        (name, scores.counts[name], _digits(one.score), _digits(one.ci_low), _digits(one.ci_high))
        for name, one in scores.categories.items()
    ]
    _write_tsv(path, ("category", "n", "score", "ci_low", "ci_high"), lines)


def write_rows(path: Path, rows: list[Row]) -> None:
    """Write one line an answer: id, category, score; the score is empty when the answer is unscored."""
    lines = [(answer.id, answer.category, "" if score is None else _digits(score)) for answer, score in rows]
    _write_tsv(path, ("id", "category", "score"), lines)


def _digits(value: float) -> str:
    return f"{value:.{DIGITS}f}"


def _write_tsv(path: Path, header: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> None:
    with fresh_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
