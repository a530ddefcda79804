import pytest

from belle.score.notes import few_notes, lone_notes, parse_rate_notes, unscored_notes
from belle.score.scores import aggregate
from belle.score.scoring import scoring_of

REPLIED = (0.5, None)


def test_unscored_answers_are_told_by_category_with_their_reasons():
    scoring = scoring_of("judge", [REPLIED, (None, "ambiguous"), (None, "out_of_range"), (None, "ambiguous"), REPLIED])
    assert list(scoring.unscored(["b", "c", "a", "c", "b"])) == ["a", "c"]
    assert list(unscored_notes(scoring, ["a", "a", "a", "a", "b"])) == [
        "judge: a: 3 of 4 answers unscored: 2 ambiguous, 1 out of range"
    ]


def test_what_a_person_has_not_seen_is_not_told():
    scoring = scoring_of("human:li", [REPLIED, (None, "not_rated"), (None, "cannot_judge")])
    assert not list(unscored_notes(scoring_of("human:li", [REPLIED, (None, "not_rated")]), ["a"] * 2))
    assert list(unscored_notes(scoring, ["a"] * 3)) == ["human:li: a: 1 of 3 answers unscored: 1 cannot judge"]


def test_one_answer_in_a_category_is_told():
    scoring = scoring_of("metrics", [REPLIED, REPLIED, REPLIED])
    (note,) = lone_notes("metrics", aggregate(scoring.scores, ["a", "a", "b"]))
    assert note.startswith("metrics: one scored answer in b:")
    assert not list(lone_notes("metrics", aggregate(scoring.scores, ["a", "a", "a"])))


@pytest.mark.parametrize(
    ("scorer", "scored", "told"),
    [("judge", 49, True), ("judge", 50, False), ("judge", 100, False), ("metrics", 3, False), ("human:li", 3, False)],
)
def test_a_judge_that_has_scored_fewer_than_half_of_the_answers_is_told(scorer, scored, told):
    scoring = scoring_of(scorer, [REPLIED] * scored + [(None, "no_score")] * (100 - scored))
    notes = list(few_notes([scoring]))
    assert [note.partition(":")[0] for note in notes] == [
        f"only {scored} of 100 answers have a score of the judge"
    ] * told


@pytest.mark.parametrize(("lost", "told"), [(0, False), (5, False), (12, True)])
def test_two_judges_that_are_understood_unequally_are_told(lost, told):
    first = scoring_of("judge", [(None, "no_score")] * lost + [REPLIED] * (100 - lost))
    second = scoring_of("second_judge", [REPLIED] * 100)
    by_rule = scoring_of("metrics", [(None, "no_metric")] * 100)
    assert bool(list(parse_rate_notes([by_rule, first, second]))) == told


def test_how_many_each_judge_lost_is_told():
    first = scoring_of("judge", [(None, "no_score")] * 12 + [REPLIED] * 88)
    second = scoring_of("second_judge", [REPLIED] * 99 + [(None, "empty")])
    (note,) = parse_rate_notes([first, second])
    assert note.startswith("judge leaves 12 answers unscored, second_judge 1: ")


def test_judges_that_lost_the_same_answers_and_people_are_not_compared():
    lost = [(None, "no_score")] * 12 + [REPLIED] * 88
    assert not list(parse_rate_notes([scoring_of("judge", lost), scoring_of("second_judge", lost)]))
    assert not list(parse_rate_notes([scoring_of("judge", [REPLIED] * 100), scoring_of("human:li", lost)]))
