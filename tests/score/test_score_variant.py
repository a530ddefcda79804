import json
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.evaluate.answers import write_answers
from belle.files import sha256_of
from belle.score.score_variant import score_answer, score_variant
from factories import answer

METRICS = {"math": "numeric_match", "extract": "set_f1"}
ANSWERS = [
    answer("答案是12", "12", "math", "q1"),
    answer("", "7", "math", "q2"),
    answer("北京", "北京、上海", "extract", "q3"),
    answer("北京", None, "extract", "q4"),
    answer("诗", "诗", "generation", "q5"),
]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository root with the answers of one quantized variant."""
    monkeypatch.chdir(tmp_path)
    write_answers(Path("eval/gptq-int4/answers.jsonl"), ANSWERS)
    Path("eval/gptq-int4/stats.json").write_text('{"size_mb": 3.1, "kl_divergence": 0.01}')
    return tmp_path


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        (answer("答案是12", "12", "math"), 1.0),
        (answer("", "12", "math"), 0.0),
        (answer("12", None, "math"), None),
        (answer("12", "许多", "math"), None),
        (answer("12", "12", "generation"), None),
    ],
)
def test_an_unscored_answer_is_not_a_wrong_one(scored, expected):
    assert score_answer(scored, METRICS) == expected


def score(variant, metrics):
    score_variant(variant, Path("eval") / variant, metrics, 42, Path("scores"), Path("details"))


def test_scores_are_written_by_variant_category_and_answer(repository, capsys):
    score("gptq-int4", METRICS)
    assert json.loads(Path("scores/gptq-int4.json").read_text()) == {"gptq-int4": 0.5833}
    assert json.loads(Path("details/gptq-int4.json").read_text()) == {
        "score": 0.5833,
        "score_without_others": 0.6667,
        "ci_low": 0.3333,
        "ci_high": 0.8333,
        "n": 3,
        "unscored": 2,
        "answers_sha256": sha256_of(Path("eval/gptq-int4/answers.jsonl")),
        "size_mb": 3.1,
        "kl_divergence": 0.01,
    }
    assert Path("details/gptq-int4.categories.tsv").read_text().splitlines() == [
        "category\tn\tscore\tci_low\tci_high",
        "extract\t1\t0.6667\t0.6667\t0.6667",
        "math\t2\t0.5000\t0.0000\t1.0000",
    ]
    assert Path("details/gptq-int4.answers.tsv").read_text().splitlines() == [
        "id\tcategory\tscore", "q1\tmath\t1.0000", "q2\tmath\t0.0000", "q3\textract\t0.6667", "q4\textract\t",
        "q5\tgeneration\t",
    ]  # fmt: skip
    notes = capsys.readouterr().err.splitlines()
    assert [note.split(": ")[1] for note in notes if "unscored" in note] == ["extract", "generation"]


def test_the_unquantized_score_comes_with_its_interval(repository):
    Path("eval/gptq-int4").rename("eval/unquantized")
    score("unquantized", METRICS)
    found = json.loads(Path("scores/unquantized.json").read_text())
    assert found == {"unquantized": 0.5833, "ci_low": 0.3333, "ci_high": 0.8333}


def test_nothing_to_score_is_an_error_and_writes_nothing(repository):
    with pytest.raises(UserError, match=r"answers\.jsonl: .*extract, generation, math"):
        score("gptq-int4", {"code": "exact_match"})
    assert not Path("scores").exists() and not Path("details").exists()


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_broken_stats_are_named(repository, text):
    Path("eval/gptq-int4/stats.json").write_text(text)
    with pytest.raises(UserError, match=r"stats\.json: .*generate stage again"):
        score("gptq-int4", METRICS)
