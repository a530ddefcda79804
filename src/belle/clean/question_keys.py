"""The evaluation questions as rows are compared with them."""

from collections.abc import Sequence

import pyarrow as pa

from belle.clean.text import comparison_key, normalize
from belle.data.questions import Question
from belle.data.simplified import simplified


def keys_of(questions: Sequence[Question], simplify: bool) -> list[str]:
    """Return the comparison key of each question, in Simplified characters when `clean.simplify` is on."""
    texts = pa.array([question.question for question in questions], pa.string())
    return comparison_key(normalize(simplified(texts) if simplify else texts)).to_pylist()


def question_keys(questions: Sequence[Question], simplify: bool) -> dict[str, str]:
    """Return comparison key → id of the questions, the first id where two questions have one key."""
    pairs = list(zip(keys_of(questions, simplify), questions, strict=True))
    return {key: question.id for key, question in reversed(pairs)}
