"""Answers of one variant in a repository of their own, and their scores."""

import json
from pathlib import Path

from belle.score.inputs import Inputs
from belle.score.score_variant import score_variant
from factories import answer

METRICS = {"math": "numeric_match", "extract": "set_f1"}
ANSWERS = [
    answer("答案是12", "12", "math", "q1"),
    answer("", "7", "math", "q2"),
    answer("北京", "北京、上海", "extract", "q3"),
    answer("北京", None, "extract", "q4"),
    answer("诗", "诗", "generation", "q5"),
]
REPLIES = [
    ("q1", "judge", 0, "得分: 1"), ("q1", "judge", 1, "得分: 0.8"), ("q2", "judge", 0, "得分: 0"),
    ("q2", "judge", 1, "得分: 0"), ("q3", "judge", 0, "得分: 0.5"), ("q3", "judge", 1, "得分: 0.5"),
    ("q4", "judge", 0, "不好说"), ("q4", "judge", 1, "得分: 0.6"), ("q5", "judge", 0, "得分: 0.2\n得分: 0.9"),
    ("q5", "judge", 1, "得分: 7"), ("q1", "second_judge", 0, "得分: 0.7"),
]  # fmt: skip


def score(variant="gptq-int4", scorer="metrics", metrics=METRICS, limit=None):
    inputs = Inputs(
        answers=Path("eval") / variant,
        judgments=Path("eval/judgments") / variant,
        human_scores=Path("human_scores"),
        contaminated=Path("contaminated.tsv"),
        questions=Path("questions.jsonl"),
        limit=limit,
    )
    score_variant(variant, inputs, scorer, metrics, False, Path("scores"), Path("details"))
    return json.loads(Path(f"scores/{variant}.json").read_text())


def details(variant="gptq-int4"):
    return json.loads(Path(f"details/{variant}.json").read_text())


def table(name):
    return [line.split("\t") for line in Path(f"details/gptq-int4.{name}.tsv").read_text().splitlines()]
