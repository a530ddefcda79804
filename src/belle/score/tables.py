"""Tables with one line per answer, and per judgment: metrics/details/eval/VARIANT.*.tsv."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from belle.evaluate.answers import Answer
from belle.files import write_tsv
from belle.judge.judgments import Scored
from belle.score.hashes import answer_hash
from belle.score.scores import DIGITS
from belle.score.scoring import Scoring


def write_answer_scores(
    path: Path, answers: Sequence[Answer], flags: Sequence[Sequence[str]], scorings: Sequence[Scoring]
) -> None:
    """Write id, category, the answer's hash, flags and a column of scores for each scorer, empty when unscored."""
    columns = [[_cell(score) for score in one.scores] for one in scorings]
    lines = [
        (
            answer.id,
            answer.category,
            answer_hash(answer.answer),
            ",".join(flags[number]),
            *(one[number] for one in columns),
        )
        for number, answer in enumerate(answers)
    ]
    write_tsv(path, ("id", "category", "answer", "flags", *(one.scorer for one in scorings)), lines)


def write_judgments(path: Path, verdicts: Iterable[Scored]) -> None:
    """Write id, judge, repeat, score, the reason when there is none, and the rule that read it."""
    lines = [
        (one.id, one.judge, one.repeat, _cell(one.verdict.score), one.verdict.reason, one.verdict.rule)
        for one in verdicts
    ]
    write_tsv(path, ("id", "judge", "repeat", "score", "reason", "rule"), lines)


def _cell(score: float | None) -> str:
    return "" if score is None or np.isnan(score) else f"{score:.{DIGITS}f}"
