from dataclasses import replace

import numpy as np
import pytest

from belle.compare.by_people import differences_by_people, people_notes, people_sentences
from belle.compare.sides import load_sides
from belle.statistics.anchored import anchored
from compare.made_up import CATEGORY_OF, keep_as_experiment, write_params, write_result

RNG = np.random.default_rng(0)
PERSON, OTHER = (np.round(RNG.random(48), 1) for _ in range(2))


def scored(n: int, values: np.ndarray) -> np.ndarray:
    return np.where(np.arange(48) < n, values, np.nan)


def two_sides(n: int, categories: bool = True):
    person = scored(n, PERSON) if categories else np.where(np.arange(48) % 4 == 0, np.nan, PERSON)
    write_result({"judge": np.clip(PERSON + 0.1, 0, 1), "human:Li": person})
    keep_as_experiment("judged")
    write_result({"judge": np.clip(OTHER - 0.1, 0, 1), "human:Li": OTHER, "human:Wu": OTHER})
    return load_sides(["judged", "workspace"])


def test_a_person_corrects_the_judge(repository):
    a, b = two_sides(20)
    (found,) = differences_by_people(a, b, "judge")
    judge = (a.scores("judge") - b.scores("judge"))[0]
    assert (found.person, found.n) == ("human:Li", 20)
    assert found.anchored == anchored(scored(20, PERSON - OTHER), judge, CATEGORY_OF)
    # the judge's difference is too large by 0.2
    assert not found.agrees
    (told,) = people_sentences([found], 48, "judge")
    assert told.startswith("human:Li has scored 20 of 48 questions on both sides; by that measure the difference is ")
    assert told.endswith(f"judge does not agree: {judge @ weights_of():+.3f}.")


def weights_of() -> np.ndarray:
    from belle.statistics.groups import weights

    return weights(CATEGORY_OF)


def test_a_judge_that_says_the_same_agrees(repository):
    write_result({"judge": PERSON, "human:Li": scored(30, PERSON)})
    keep_as_experiment("judged")
    write_result({"judge": OTHER, "human:Li": scored(30, OTHER)})
    (found,) = differences_by_people(*load_sides(["judged", "workspace"]), "judge")
    assert found.agrees and "judge agrees: " in next(people_sentences([found], 48, "judge"))


def test_ten_scores_are_enough_and_a_judge_outside_the_interval_does_not_agree(repository):
    (found,) = differences_by_people(*two_sides(10), "judge")
    assert found.n == 10 and found.anchored is not None
    low, high = found.anchored.low, found.anchored.high
    for alone, agrees in ((low - 0.01, False), (low, True), (high, True), (high + 0.01, False)):
        assert replace(found, anchored=replace(found.anchored, judge_alone=alone)).agrees == agrees


def test_few_scores_are_told_as_such(repository):
    (found,) = differences_by_people(*two_sides(9), "judge")
    assert (found.n, found.anchored, found.agrees) == (9, None, False)
    assert list(people_sentences([found], 48, "judge")) == [
        "human:Li has scored 9 of 48 questions on both sides; from 10 on the difference by that measure is told."
    ]


def test_categories_that_nobody_has_scored_are_named(repository):
    (found,) = differences_by_people(*two_sides(0, categories=False), "judge")
    assert list(people_sentences([found], 48, "judge"))[1] == "human:Li has scored nothing in math."


def test_what_to_do_about_a_side_without_scores(repository):
    (note,) = people_notes(two_sides(20))
    assert note.startswith("human:Wu has scored answers of workspace, none of judged: run the latter again with")


@pytest.mark.parametrize("scorer", ["human:Li", "judge"])
def test_a_person_alone_or_several_seeds_are_not_corrected(repository, scorer):
    sides = two_sides(20)
    if scorer == "judge":
        write_params(seed=2)
        write_result({"judge": OTHER, "human:Li": OTHER})
        keep_as_experiment("second")
        write_result({"judge": OTHER, "human:Li": OTHER})
        sides = load_sides(["judged,second", "workspace"])
    assert differences_by_people(*sides, scorer) == []
