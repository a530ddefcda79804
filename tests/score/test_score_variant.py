import json
from pathlib import Path

import pytest

from belle.files import sha256_of
from belle.score.hashes import answer_hash, rating_hash
from belle.score.metrics_code import metrics_digest
from score.judged import write_judged
from score.scored import ANSWERS, REPLIES, details, score, table


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
    assert found["metrics_sha256"] == metrics_digest()
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


def test_no_experiment_is_compared_by_a_judge_that_has_scored_fewer_than_half(repository, capsys):
    write_judged(Path("eval/judgments/gptq-int4"), REPLIES[:4])
    assert score(scorer="both") == {"gptq-int4": 0.5833}
    assert details()["scorers"]["judge"]["n"] == 2
    assert "eval/judgments/gptq-int4: only 2 of 5 answers have a score of the judge" in capsys.readouterr().err
    assert score(scorer="judge") == {}
    assert list(details()["scorers"]) == ["judge"]


def test_metrics_of_some_categories_are_a_score(repository):
    assert score(metrics={"math": "numeric_match"}) == {"gptq-int4": 0.5}


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
