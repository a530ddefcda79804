"""Which exercises belong to which of BELLE's categories, and how distinct ones are drawn."""

from collections.abc import Iterator
from random import Random

from belle.mini import formal, reading, writing
from belle.mini.exercise import Exercise, Task

TASKS: dict[str, tuple[Task, ...]] = {
    "math": (formal.arithmetic, formal.word_problem, formal.comparison),
    "code": (formal.printing, formal.assignment, formal.calling),
    "classification": (reading.classify_kind, reading.classify_opinion),
    "extract": (reading.extract_event, reading.extract_number),
    "open qa": (writing.fact,),
    "closed qa": (reading.who_has, reading.where_lives),
    "generation": (writing.greeting, writing.notice, writing.introduction, writing.sentence_with),
    "brainstorming": (writing.activities, writing.advice),
    "rewrite": (reading.rewrite_voice, reading.rewrite_words),
    "summarization": (reading.summarize_outing, reading.summarize_person),
    "translation": (formal.word_translation, formal.sentence_translation),
}
"""BELLE's categories (facts §6) to the tasks that fill them."""

TRIES = 2000
"""Draws without anything new before a category counts as used up."""


def draw(category: str, random: Random, held_out: bool) -> Iterator[Exercise]:
    """Yield distinct exercises of one side (training or evaluation) until the category is used up."""
    seen: set[str] = set()
    misses = 0
    while misses < TRIES:
        exercise = random.choice(TASKS[category])(random)
        misses += 1
        if exercise.held_out == held_out and exercise.question not in seen:
            seen.add(exercise.question)
            misses = 0
            yield exercise
