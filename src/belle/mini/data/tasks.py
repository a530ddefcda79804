"""The tasks of each category, and how distinct samples are drawn from them."""

from collections.abc import Iterator
from random import Random

from belle.mini.data import math_code_translation, reading, writing
from belle.mini.data.sample import Sample, Task

TASKS: dict[str, tuple[Task, ...]] = {
    "math": (math_code_translation.arithmetic, math_code_translation.word_problem, math_code_translation.comparison),
    "code": (math_code_translation.printing, math_code_translation.assignment, math_code_translation.calling),
    "classification": (reading.classify_kind, reading.classify_opinion),
    "extract": (reading.extract_event, reading.extract_number),
    "open qa": (writing.fact,),
    "closed qa": (reading.who_has, reading.where_lives),
    "generation": (writing.greeting, writing.notice, writing.introduction, writing.sentence_with),
    "brainstorming": (writing.activities, writing.advice),
    "rewrite": (reading.rewrite_voice, reading.rewrite_words),
    "summarization": (reading.summarize_outing, reading.summarize_person),
    "translation": (math_code_translation.word_translation, math_code_translation.sentence_translation),
}
"""Category to the tasks that fill it; the categories are those of BELLE's evaluation set, and translation."""

TRIES = 2000
"""Draws without anything new before a category counts as used up."""


def draw(category: str, random: Random, held_out: bool) -> Iterator[Sample]:
    """Yield distinct samples of one side (training or evaluation) until the category is used up."""
    seen: set[str] = set()
    misses = 0
    while misses < TRIES:
        sample = random.choice(TASKS[category])(random)
        misses += 1
        if sample.held_out == held_out and sample.question not in seen:
            seen.add(sample.question)
            misses = 0
            yield sample
