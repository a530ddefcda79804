"""A workspace as the stages leave it: two variants, scored by rule."""

import hashlib
import json
from pathlib import Path

QUESTIONS = [("q0", "math"), ("q1", "math"), ("q2", "code"), ("q3", "open qa"), ("q4", "open qa"), ("q5", "rewrite")]
SCORES = {"unquantized": [1, 0, 1, 1, None, 0.5], "gptq-int4": [1, 0, 0, 1, 0.25, 0.5]}


def write_variant(variant, scores, questions=QUESTIONS, word="题", judge=()):
    answers = [
        {"id": one, "question": f"{word}{one}", "category": category, "reference": "参", "answer": f"答{score}"}
        for (one, category), score in zip(questions, scores, strict=True)
    ]
    write(f"eval/{variant}/answers.jsonl", *(json.dumps(one | {"tokens": 3, "stop": "eos"}) for one in answers))
    rows = [
        f"{one['id']}\t{one['category']}\t{hashlib.sha256(one['answer'].encode()).hexdigest()[:16]}\t"
        f"{'truncated' if place == 3 else ''}\t{'' if score is None else score}"
        for place, (one, score) in enumerate(zip(answers, scores, strict=True))
    ]
    columns = ["id", "category", "answer", "flags", "metrics"]
    if judge:
        columns.append("judge")
        rows = [f"{row}\t{score}" for row, score in zip(rows, judge, strict=True)]
    write(f"metrics/details/eval/{variant}.answers.tsv", "\t".join(columns), *rows)
    details = {"size_mb": 6.3, "scorers": {"metrics": {"unscored": {"open qa": {"no_metric": 1}}}}}
    write(f"metrics/details/eval/{variant}.json", json.dumps(details))


def write(path, *lines):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
