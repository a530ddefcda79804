from random import Random

import pytest

from belle.mini.data.reading import classify_kind, extract_event, extract_number, where_lives, who_has


@pytest.mark.parametrize("task", [extract_event, extract_number, who_has, where_lives, classify_kind])
def test_the_answer_stands_in_the_question(task):
    random = Random(1)
    for _ in range(200):
        sample = task(random)
        assert sample.answer in sample.question
