"""Propose a metric for each category of an evaluation set, from the references of its questions."""

import ast
from collections import defaultdict
from collections.abc import Iterable

from belle.config.evaluation_set import Metric
from belle.data.questions import Question
from belle.score.metrics.code_match import program
from belle.score.metrics.set_f1 import items
from belle.score.numbers.find import find_numbers, half_width

LABEL_CHARACTERS = 20
"""A longer reference is a text: hardly any answer would equal it."""
UNIT_CHARACTERS = 4
"""What may stand beside the number of a numeric reference, as in `12 kg`."""
TRANSLATION = ("translat", "翻译")
CODE = ("code", "coding", "代码", "编程")


def propose_metrics(questions: Iterable[Question]) -> dict[str, Metric | None]:
    """Return a metric by category, in the order of the questions; None where no question has a reference."""
    references: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        references[question.category] += [question.reference] if question.reference else []
    return {category: propose(category, found) if found else None for category, found in references.items()}


def propose(category: str, references: list[str]) -> Metric:
    """Return the strictest metric that suits all references of a category."""
    if any(word in category for word in CODE) and all(_is_python(text) for text in references):
        return "code_match"
    if all(_is_number(text) for text in references):
        return "numeric_match"
    if all(_is_list(text) for text in references):
        return "set_f1"
    if all(len(text) <= LABEL_CHARACTERS for text in references):
        return "exact_match"
    # overlap of characters suits a translation, overlap in order any other text
    return "chrf" if any(word in category for word in TRANSLATION) else "rouge_l"


def _is_python(text: str) -> bool:
    try:
        ast.parse(program(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_number(text: str) -> bool:
    text = half_width(text).strip()
    found = list(find_numbers(text))
    return len(found) == 1 and len(text) - (found[0].end - found[0].start) <= UNIT_CHARACTERS


def _is_list(text: str) -> bool:
    found = items(text)
    return len(found) > 1 and all(len(item) <= LABEL_CHARACTERS for item in found)
