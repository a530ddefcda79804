"""Propose a metric for each category of an evaluation set, from the references of its questions."""

from collections import defaultdict
from collections.abc import Iterable

from belle.config.evaluation_set import Metric
from belle.data.questions import Question
from belle.score.metrics.numeric_match import last_number
from belle.score.metrics.set_f1 import items

LABEL_CHARACTERS = 20
"""A longer reference is a text: hardly any answer would equal it."""
UNIT_CHARACTERS = 4
"""What may stand beside the number of a numeric reference, as in `12 kg`."""
TRANSLATION = ("translat", "翻译")


def propose_metrics(questions: Iterable[Question]) -> dict[str, Metric | None]:
    """Return a metric by category, in the order of the questions; None where no question has a reference."""
    references: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        references[question.category] += [question.reference] if question.reference else []
    return {category: propose(category, found) if found else None for category, found in references.items()}


def propose(category: str, references: list[str]) -> Metric:
    """Return the strictest metric that suits all references of a category."""
    if all(_is_number(text) for text in references):
        return "numeric_match"
    if all(_is_list(text) for text in references):
        return "set_f1"
    if all(len(text) <= LABEL_CHARACTERS for text in references):
        return "exact_match"
    # BLEU-like overlap of characters suits a translation, overlap in order any other text
    return "chrf" if any(word in category for word in TRANSLATION) else "rouge_l"


def _is_number(text: str) -> bool:
    others = [character for character in text if not (character.isdigit() or character in " .,+-%")]
    return last_number(text) is not None and len(others) <= UNIT_CHARACTERS


def _is_list(text: str) -> bool:
    found = items(text)
    return len(found) > 1 and all(len(item) <= LABEL_CHARACTERS for item in found)
