import re
from random import Random

from belle.mini.data.math_code_translation import arithmetic, assignment, comparison, word_problem

PLUS = ("+", "加", "plus", "又买了", "又得到")


def drawn(task, count: int = 200):
    random = Random(1)
    return [task(random) for _ in range(count)]


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def test_sums_and_word_problems_are_answered_right():
    for sample in drawn(arithmetic) + drawn(word_problem):
        a, b = numbers(sample.question)
        assert int(sample.answer) == (a + b if any(word in sample.question for word in PLUS) else a - b) >= 0


def test_the_same_sum_has_one_key_however_it_is_asked():
    samples = drawn(arithmetic, 2000) + drawn(word_problem, 2000)
    keys = {sample.key for sample in samples if numbers(sample.key) == [3, 2]}
    assert keys == {"3加2", "3减2"}


def test_the_greater_or_smaller_number_is_the_answer():
    for sample in drawn(comparison):
        choose = max if "大" in sample.question else min
        assert int(sample.answer) == choose(numbers(sample.question))


def test_assignments_are_python():
    for sample in drawn(assignment):
        values: dict[str, object] = {}
        exec(sample.answer, values)
        (name,) = values.keys() - {"__builtins__"}
        assert name in sample.question
        if isinstance(values[name], list):
            assert numbers(sample.question) == values[name]
