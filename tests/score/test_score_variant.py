import json
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.evaluate.answers import write_answers
from belle.files import sha256_of
from belle.score.hashes import answer_hash, rating_hash
from belle.score.inputs import Inputs
from belle.score.score_variant import score_variant
from factories import answer
from score.judged import write_judged

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


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository root with the answers of one quantized variant."""
    monkeypatch.chdir(tmp_path)
    write_answers(Path("eval/gptq-int4/answers.jsonl"), ANSWERS)
    Path("eval/gptq-int4/stats.json").write_text('{"size_mb": 3.1, "kl_divergence": 0.01}')
    write_judged(Path("eval/judgments/gptq-int4"), [])
    Path("human_scores").mkdir()
    Path("contaminated.tsv").write_text("question\trows\tsimilarity\treason\nq3\t1\t1.0\tcontaminated\n")
    return tmp_path


def score(variant="gptq-int4", scorer="metrics", metrics=METRICS):
    inputs = Inputs(
        Path("eval") / variant, Path("eval/judgments") / variant, Path("human_scores"), Path("contaminated.tsv")
    )
    score_variant(variant, inputs, scorer, metrics, False, Path("scores"), Path("details"))
    return json.loads(Path(f"scores/{variant}.json").read_text())


def details(variant="gptq-int4"):
    return json.loads(Path(f"details/{variant}.json").read_text())


def table(name):
    return [line.split("\t") for line in Path(f"details/gptq-int4.{name}.tsv").read_text().splitlines()]


def test_scores_are_written_by_variant_category_and_answer(repository, capsys):
    assert score() == {"gptq-int4": 0.5833}
    found = details()
    assert found["scorers"].keys() == {"metrics"}
    by_rule = found["scorers"]["metrics"]
    assert (by_rule["score"], by_rule["score_without_others"], by_rule["n"]) == (0.5833, 0.6667, 3)
    assert 0 <= by_rule["ci_low"] < 0.3 and by_rule["ci_high"] == 1
    assert by_rule["unscored"] == {"extract": {"no_reference": 1}, "generation": {"no_metric": 1}}
    assert by_rule["categories"] == {
        "extract": {"n": 1, "score": 0.6667, "ci_low": 0.0942, "ci_high": 0.9747},
        "math": {"n": 2, "score": 0.5, "ci_low": 0.0945, "ci_high": 0.9055},
    }
    assert found["answers"] == {
        "n": 5, "truncated": 0.0, "empty": 0.2, "repetitive": 0.0, "thinking": 0.0, "contaminated": 0.2
    }  # fmt: skip
    assert (found["agreement"], found["judges"]) == ({}, {})
    assert (found["size_mb"], found["kl_divergence"]) == (3.1, 0.01)
    assert found["answers_sha256"] == sha256_of(Path("eval/gptq-int4/answers.jsonl"))
    assert table("answers") == [
        ["id", "category", "answer", "flags", "metrics"],
        ["q1", "math", answer_hash("答案是12"), "", "1.0000"],
        ["q2", "math", answer_hash(""), "empty", "0.0000"],
        ["q3", "extract", answer_hash("北京"), "contaminated", "0.6667"],
        ["q4", "extract", answer_hash("北京"), "", ""],
        ["q5", "generation", answer_hash("诗"), "", ""],
    ]
    assert table("judgments") == [["id", "judge", "repeat", "score", "reason", "rule"]]
    notes = capsys.readouterr().err.splitlines()
    assert [note.split(": ", 1)[1] for note in notes if "unscored" in note] == [
        "metrics: extract: 1 of 2 answers unscored: 1 no reference",
        "metrics: generation: 1 of 1 answers unscored: 1 no metric",
    ]


def test_a_judge_scores_beside_the_metrics(repository, capsys):
    write_judged(Path("eval/judgments/gptq-int4"), REPLIES)
    assert score(scorer="both") == {"gptq-int4": 0.5833, "gptq-int4_judge": 0.5}
    found = details()
    assert list(found["scorers"]) == ["metrics", "judge", "second_judge"]
    judge = found["scorers"]["judge"]
    assert judge["unscored"] == {"generation": {"ambiguous": 1}} and judge["n"] == 4
    assert judge["repeats"]["within"] == pytest.approx(0.02 / 3, abs=1e-6)
    assert "repeats" not in found["scorers"]["second_judge"]
    assert found["judges"] == {"judge": {"model": "m"}}
    assert found["agreement"]["metrics, judge"]["n"] == 3
    assert found["agreement"]["judge, second_judge"]["bias"] == pytest.approx(0.2)
    header, first, *_, last = table("answers")
    assert header[4:] == ["metrics", "judge", "second_judge"]
    assert (first[4:], last[4:]) == (["1.0000", "0.9000", "0.7000"], ["", "", ""])
    rows = {(row[0], row[1], row[2]): row[3:] for row in table("judgments")[1:]}
    assert rows["q5", "judge", "0"][:2] == ["", "ambiguous"] and rows["q5", "judge", "1"][:2] == ["", "out_of_range"]
    assert rows["q1", "judge", "1"][0] == "0.8000" and len(rows) == len(REPLIES)
    assert "judge: generation: 1 of 1 answers unscored: 1 ambiguous" in capsys.readouterr().err


def test_a_judge_alone(repository):
    write_judged(Path("eval/judgments/gptq-int4"), REPLIES)
    Path("eval/gptq-int4").rename("eval/unquantized")
    Path("eval/judgments/gptq-int4").rename("eval/judgments/unquantized")
    found = score("unquantized", "judge", {})
    assert list(found) == ["unquantized_judge", "judge_ci_low", "judge_ci_high"]
    assert found["judge_ci_low"] < found["unquantized_judge"] == 0.5 < found["judge_ci_high"]


def test_the_unquantized_score_comes_with_its_interval(repository):
    Path("eval/gptq-int4").rename("eval/unquantized")
    Path("eval/judgments/gptq-int4").rename("eval/judgments/unquantized")
    found = score("unquantized")
    by_rule = details("unquantized")["scorers"]["metrics"]
    assert found == {"unquantized": 0.5833} | {key: by_rule[key] for key in ("ci_low", "ci_high")}


def test_people_score_beside_the_others(repository, capsys):
    hashes = [rating_hash(one.id, one.answer) for one in ANSWERS]
    content = {"rater": "li", "report": "r", "scores": {hashes[0]: 0.9, hashes[4]: 0.4, hashes[1]: None}}
    content["repeats"] = [[hashes[0], 0.9, 0.7], [hashes[4], 0.4, 0.4]]
    Path("human_scores/li.json").write_text(json.dumps(content))
    Path("human_scores/wang.json").write_text(json.dumps({"rater": "wang", "report": "s", "scores": {"0" * 16: 1}}))
    assert score() == {"gptq-int4": 0.5833}
    found = details()
    assert found["scorers"]["human:li"]["n"] == 2
    assert found["scorers"]["human:li"]["unscored"]["math"] == {"cannot_judge": 1}
    assert found["agreement"]["metrics, human:li"]["n"] == 1
    assert found["agreement"]["human:li, again"]["absolute"] == pytest.approx(0.1)
    assert [row[5] for row in table("answers")] == ["human:li", "0.9000", "", "", "", "0.4000"]
    notes = capsys.readouterr().err.splitlines()
    assert any(note.startswith("human_scores/wang.json: scores no answer of gptq-int4: its scores") for note in notes)


def test_the_same_answers_give_the_same_bytes(repository):
    write_judged(Path("eval/judgments/gptq-int4"), REPLIES)
    score(scorer="both")
    before = sha256_of(Path("details"))
    score(scorer="both")
    assert sha256_of(Path("details")) == before


@pytest.mark.parametrize(
    ("scorer", "metrics", "message"),
    [
        ("metrics", {"code": "exact_match"}, r"answers\.jsonl: no answer can be scored by rule"),
        ("both", {}, r"answers\.jsonl: no answer can be scored by rule"),
        ("judge", METRICS, r"eval/judgments/gptq-int4: no reply of the judge has a score"),
    ],
)
def test_nothing_to_score_is_an_error_and_writes_nothing(repository, scorer, metrics, message):
    with pytest.raises(UserError, match=message):
        score(scorer=scorer, metrics=metrics)
    assert not Path("scores").exists() and not Path("details").exists()


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_broken_stats_are_named(repository, text):
    Path("eval/gptq-int4/stats.json").write_text(text)
    with pytest.raises(UserError, match=r"stats\.json: .*generate stage again"):
        score()


def test_judgments_of_other_answers_are_refused(repository):
    write_judged(Path("eval/judgments/gptq-int4"), [("q9", "judge", 0, "得分: 1")])
    with pytest.raises(UserError, match="q9"):
        score(scorer="both")
