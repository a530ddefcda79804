from pathlib import Path

import pytest

from belle.errors import UserError
from belle.evaluate.answers import write_answers
from score.judged import write_judged
from score.scored import ANSWERS, METRICS, details, score


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


def test_answers_to_other_questions_are_refused_and_nothing_is_written(repository):
    with pytest.raises(UserError, match=r"answers\.jsonl: row 2: answers 'q2' where 'q3' is asked"):
        score(limit=2)
    Path("questions.jsonl").unlink()
    with pytest.raises(UserError, match=r"questions\.jsonl: no such file; run `dvc repro download_eval`"):
        score()
    assert not Path("scores").exists() and not Path("details").exists()


def test_a_single_question_has_a_score_and_none_is_refused(repository, capsys):
    path = Path("eval/gptq-int4/answers.jsonl")
    write_answers(path, ANSWERS[:1])
    assert score(limit=1) == {"gptq-int4": 1.0}
    by_rule = details()["scorers"]["metrics"]
    assert by_rule["n"] == 1 and 0 <= by_rule["ci_low"] <= by_rule["ci_high"] <= 1
    assert details()["answers"]["n"] == 1
    path.write_bytes(b"")
    with pytest.raises(UserError, match=r"answers\.jsonl: holds no rows; .*generate stage again"):
        score(limit=1)
