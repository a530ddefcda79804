"""What the tests of scores share."""

from pathlib import Path

import pytest

from belle.data.questions import Question
from belle.evaluate.answers import write_answers
from score.judged import write_judged
from score.scored import ANSWERS


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository root with the answers of one quantized variant."""
    monkeypatch.chdir(tmp_path)
    write_answers(Path("eval/gptq-int4/answers.jsonl"), ANSWERS)
    Path("eval/gptq-int4/stats.json").write_text('{"size_mb": 3.1, "kl_divergence": 0.01}')
    write_judged(Path("eval/judgments/gptq-int4"), [])
    Path("human_scores").mkdir()
    Path("questions.jsonl").write_text(
        "".join(one.model_dump_json(include=set(Question.model_fields)) + "\n" for one in ANSWERS)
    )
    Path("contaminated.tsv").write_text("question\trows\tsimilarity\treason\nq3\t1\t1.0\tcontaminated\n")
    return tmp_path
