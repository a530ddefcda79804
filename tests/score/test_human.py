import json

import numpy as np
import pytest

from belle.errors import UserError
from belle.score.hashes import rating_hash
from belle.score.human import (
    CANNOT_JUDGE,
    NOT_RATED,
    repeats_by_person,
    score_by_people,
    unused_files,
    unused_note,
)
from belle.score.human_files import read_human_scores
from factories import answer

ANSWERS = [answer("北京", None, identity="q1"), answer("北京", None, identity="q2"), answer("诗", None, identity="q3")]
FIRST, SECOND, THIRD = (rating_hash(one.id, one.answer) for one in ANSWERS)


@pytest.fixture
def write(tmp_path):
    """Write a file of scores; return the folder."""

    def write(name: str, **values: object):
        content = {"rater": name, "report": "abc", "scores": {FIRST: 0.8}} | values
        (tmp_path / f"{values.get('rater', name)}-{name}.json").write_text(json.dumps(content))
        return tmp_path

    return write


def test_a_person_scores_answers_by_their_hash(write):
    write("张三", scores={FIRST: 1, THIRD: None})
    files = read_human_scores(write("li", scores={SECOND: 0.5}))
    li, zhang = score_by_people(ANSWERS, files)
    assert (li.scorer, zhang.scorer) == ("human:li", "human:张三")
    assert zhang.scores == pytest.approx([1, np.nan, np.nan], nan_ok=True)
    assert zhang.reasons == [None, NOT_RATED, CANNOT_JUDGE]


def test_the_files_of_one_person_are_put_together(write):
    write("one", rater="li", scores={FIRST: 1, SECOND: 0.2})
    (found,) = score_by_people(ANSWERS, read_human_scores(write("two", rater="li", scores={SECOND: 0.2, THIRD: 0})))
    assert list(found.scores) == [1, 0.2, 0]


def test_scores_of_other_answers_are_left_aside_and_named(write):
    write("wang")
    files = read_human_scores(write("li", scores={"0" * 16: 0.5}))
    assert [one.scorer for one in score_by_people(ANSWERS, files)] == ["human:wang"]
    (path,) = unused_files(ANSWERS, files)
    assert path.endswith("/li-li.json")
    note = unused_note(files[path], "gptq-int4")
    assert note.startswith("scores no answer of gptq-int4: its scores (1) are of other answers.")
    assert "`dvc exp apply NAME`" in note and "`belle report`" in note


def test_what_was_scored_twice_is_found(write):
    repeats = [[FIRST, 0.8, 0.7], [SECOND, None, 0.1], [THIRD, 0.3, None], ["0" * 16, 0.1, 0.2]]
    assert repeats_by_person(ANSWERS, read_human_scores(write("li", repeats=repeats))) == {"human:li": [(0.8, 0.7)]}


def test_what_two_downloads_hold_was_scored_twice_once(write):
    """The second download of one person holds what the first one holds."""
    write("one", rater="li", repeats=[[FIRST, 0.8, 0.7]])
    files = read_human_scores(write("two", rater="li", repeats=[[FIRST, 0.8, 0.7], [SECOND, 0.5, 0.5]]))
    assert repeats_by_person(ANSWERS, files) == {"human:li": [(0.8, 0.7), (0.5, 0.5)]}


def test_what_a_person_scored_otherwise_the_second_time_in_two_files_is_an_error(write):
    write("one", rater="li", repeats=[[FIRST, 0.8, 0.7]])
    with pytest.raises(UserError, match=rf"two\.json: repeats\.{FIRST} is 0\.6, but 0\.7 in .*one\.json, both by li"):
        read_human_scores(write("two", rater="li", repeats=[[FIRST, 0.8, 0.6]]))


def test_the_order_is_read_and_may_be_missing(write):
    write("li", order=3)
    files = read_human_scores(write("wang"))
    assert sorted((file.rater, file.order) for file in files.values()) == [("li", 3), ("wang", None)]


def test_nobody_has_scored(tmp_path):
    (tmp_path / "README.md").touch()
    assert read_human_scores(tmp_path) == read_human_scores(tmp_path / "missing") == {}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"scores": {FIRST: 8, SECOND: 7}}, rf"scores\.{FIRST}: .*less than or equal to 1, found 8 \(and 1 more\)"),
        ({"scores": {FIRST: -0.1}}, rf"scores\.{FIRST}: .*greater than or equal to 0, found -0\.1"),
        ({"rater": "x" * 41}, "rater: expected letters, .*, at most 40, found"),
        ({"scores": {FIRST: "0.5"}}, rf'scores\.{FIRST}: .*number, found "0\.5"'),
        ({"scores": {"q1": 0.5}}, r'scores\.q1: expected 16 digits .*, found "q1"'),
        ({"scores": {"q\n1": 0.5}}, r'scores\.q 1: expected 16 digits .*, found "q\\n1"'),
        ({"order": 0}, "order: .*greater than or equal to 1, found 0"),
        ({"rater": ".."}, 'rater: expected letters, .*, found ".."'),
        ({"scores": [0.5]}, "scores: .*dictionary|scores: .*object"),
        ({"repeats": [[FIRST, 0.5]]}, r"repeats\.0"),
        ({"rater": "a\tb"}, r'rater: expected letters, .*, found "a\\tb"'),
        ({"judge": "me"}, "judge: Extra"),
    ],
)
def test_a_wrong_file_is_one_line(write, values, message):
    with pytest.raises(UserError, match=message) as raised:
        read_human_scores(write("li", **values))
    line = str(raised.value)
    assert ".json: " in line and line.endswith("or remove the file") and "\n" not in line


@pytest.mark.parametrize("text", ["", "{", "[1]", "NaN", '{"rater": "li", "report": "a", "scores": {}', "\xff"])
def test_a_broken_file_is_one_line(tmp_path, text):
    (tmp_path / "li.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match=r"li\.json: .*export it again") as raised:
        read_human_scores(tmp_path)
    assert "\n" not in str(raised.value)


def test_a_file_of_another_kind_is_one_line(tmp_path):
    (tmp_path / "package.json").write_text('{"name": "x"}')
    with pytest.raises(
        UserError, match=r"package\.json: rater: this key is missing: is this a file of people's scores"
    ):
        read_human_scores(tmp_path)


def test_every_wrong_file_is_named(write):
    write("one", scores={FIRST: 8})
    with pytest.raises(UserError) as raised:
        read_human_scores(write("two", scores=3))
    assert [line.rpartition("/")[2].partition(":")[0] for line in str(raised.value).splitlines()] == [
        "one-one.json",
        "two-two.json",
    ]


def test_two_people_may_give_an_answer_two_scores(write):
    write("li", scores={FIRST: 1})
    assert len(read_human_scores(write("wang", scores={FIRST: 0}))) == 2


def test_a_name_of_forty_letters_is_a_name(write):
    assert len(read_human_scores(write("li", rater="张" * 40))) == 1


def test_two_scores_of_one_person_for_one_answer_are_an_error(write):
    write("one", rater="li", scores={FIRST: 1, SECOND: 0})
    with pytest.raises(UserError, match=r"two\.json: .*one\.json, both by li") as raised:
        read_human_scores(write("two", rater="li", scores={FIRST: 0, SECOND: 1}))
    assert "\n" not in str(raised.value)
