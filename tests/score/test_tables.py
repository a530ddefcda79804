import numpy as np

from belle.compare.result_files import read_repeats, read_rows, scores_of
from belle.judge.judgments import Scored
from belle.judge.parse import Verdict
from belle.score.scoring import scoring_of
from belle.score.tables import write_answer_scores, write_judgments
from factories import answer

NAMES = ['"', 'a"b"', " a ", "a,b", "a\tb", "a\nb", "a\r\nb", "a\u2028b", "a\x85b", "#1", "'1", "=1+1", "nan", "数学"]
ANSWERS = [answer("好", None, category=f"{name}c", identity=name) for name in NAMES]


def test_a_table_of_answers_is_read_as_it_was_written(tmp_path):
    scores = [None if number == 3 else number / 10 for number in range(len(NAMES))]
    scorings = [scoring_of(name, [(score, "empty") for score in scores]) for name in ("metrics", "human:张.三")]
    write_answer_scores(tmp_path / "t.tsv", ANSWERS, [["empty", "truncated"]] * len(NAMES), scorings)
    rows, scorers = read_rows((tmp_path / "t.tsv").read_bytes(), "t.tsv")
    assert [row["id"] for row in rows] == NAMES
    assert [row["category"] for row in rows] == [one.category for one in ANSWERS]
    assert {row["flags"] for row in rows} == {"empty,truncated"}
    assert list(scorers) == ["metrics", "human:张.三"]
    found = scores_of(rows, "metrics", "t.tsv")
    assert np.isnan(found[3]) and list(found[4:]) == scores[4:]


def test_a_table_of_judgments_is_read_as_it_was_written(tmp_path):
    verdicts = [Scored(name, "judge", repeat, Verdict(repeat / 2, None)) for name in NAMES for repeat in (0, 1)]
    verdicts[0] = verdicts[0]._replace(verdict=Verdict(None, "empty"))
    write_judgments(tmp_path / "t.tsv", verdicts)
    found = read_repeats((tmp_path / "t.tsv").read_bytes(), NAMES, "t.tsv")["judge"]
    assert np.isnan(found[0, 0]) and (found[0, 1:] == 0).all() and (found[1] == 0.5).all()
