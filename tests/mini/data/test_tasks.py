from itertools import islice
from random import Random

import pytest

from belle.mini.data.tasks import TASKS, draw


@pytest.mark.parametrize("category", TASKS)
@pytest.mark.parametrize("held_out", [True, False])
def test_samples_are_distinct_and_of_one_side(category, held_out):
    samples = list(islice(draw(category, Random(1), held_out), 30))
    assert len({sample.question for sample in samples}) == len(samples) == 30
    assert {sample.held_out for sample in samples} == {held_out}
    assert all(sample.answer.strip() for sample in samples)


@pytest.mark.parametrize("category", TASKS)
def test_a_question_has_one_answer(category):
    random, answers = Random(1), {}
    for _ in range(1000):
        sample = random.choice(TASKS[category])(random)
        assert answers.setdefault(sample.question, sample.answer) == sample.answer


def test_a_category_ends_when_nothing_new_comes(monkeypatch):
    few = [sample for sample, _ in zip(draw("math", Random(1), held_out=False), range(3), strict=False)]
    monkeypatch.setitem(TASKS, "math", (lambda random: random.choice(few),))
    assert sorted(sample.question for sample in draw("math", Random(2), held_out=False)) == sorted(
        sample.question for sample in few
    )
