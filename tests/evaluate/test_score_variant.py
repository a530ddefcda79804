import json
import subprocess
import sys
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.evaluate.answers import Answer, write_answers
from belle.evaluate.score_variant import score_variant

STAGES = Path(__file__).resolve().parents[2] / "stages"
METRICS = {"math": "numeric_match", "extract": "set_f1"}
ROWS = [
    ("q1", "math", "12", "答案是12"),
    ("q2", "math", "7", ""),
    ("q3", "extract", "北京、上海", "北京"),
    ("q4", "extract", None, "北京"),
    ("q5", "generation", "诗", "诗"),
]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository root with the answers of one quantized variant."""
    monkeypatch.chdir(tmp_path)
    answers = [
        Answer(id=id, question="?", category=category, reference=reference, answer=text, tokens=1, stop="eos")
        for id, category, reference, text in ROWS
    ]
    write_answers(Path("eval/gptq-int4/answers.jsonl"), answers)
    Path("eval/gptq-int4/stats.json").write_text('{"size_mb": 3.1, "kl_divergence": 0.01}')
    return tmp_path


def score(variant, metrics):
    score_variant(variant, Path("eval") / variant, metrics, 42, Path("metrics/eval"))


def test_metrics_and_tables(repository, capsys):
    score("gptq-int4", METRICS)
    metrics = json.loads(Path("metrics/eval/gptq-int4.json").read_text())
    assert metrics == {
        "gptq-int4": {
            "score": 0.5833,
            "score_without_others": 0.6667,
            "ci_low": 0.3333,
            "ci_high": 0.8333,
            "n": 3,
            "unscored": 2,
            "size_mb": 3.1,
            "kl_divergence": 0.01,
        }
    }
    assert Path("metrics/eval/gptq-int4.categories.tsv").read_text().splitlines() == [
        "category\tn\tscore\tci_low\tci_high",
        "extract\t1\t0.6667\t0.6667\t0.6667",
        "math\t2\t0.5000\t0.0000\t1.0000",
    ]
    assert Path("metrics/eval/gptq-int4.answers.tsv").read_text().splitlines() == [
        "id\tcategory\tscore", "q1\tmath\t1.0000", "q2\tmath\t0.0000", "q3\textract\t0.6667", "q4\textract\t",
        "q5\tgeneration\t",
    ]  # fmt: skip
    errors = capsys.readouterr().err
    assert "extract: 1 answers unscored" in errors
    assert "generation: 1 answers unscored" in errors


def test_nothing_to_score_is_an_error_and_writes_nothing(repository):
    with pytest.raises(UserError, match=r"no answer can be scored.*categories here: extract, generation, math"):
        score("gptq-int4", {"code": "exact_match"})
    assert not Path("metrics").exists()


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_bad_stats(repository, text):
    Path("eval/gptq-int4/stats.json").write_text(text)
    with pytest.raises(UserError, match=r"stats\.json: .*one JSON object"):
        score("gptq-int4", METRICS)


def test_the_stage_imports_no_torch():
    program = f"import runpy, sys; runpy.run_path({str(STAGES / 'score.py')!r}); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"belle.evaluate.score_variant", "rouge_score"} <= set(modules)
    assert not {"torch", "transformers", "datasets", "peft", "pyarrow"} & set(modules)
