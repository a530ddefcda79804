"""The embedded data sets by name: conversations, pre-training texts and the evaluation set (docs/mini.md)."""

from collections.abc import Iterator
from itertools import islice
from random import Random

from belle.data.tables import Row
from belle.errors import UserError
from belle.mini.data.conversations import answered_conversations, clean_teacher, corrupt, noisy_teacher
from belle.mini.data.corpus import passages
from belle.mini.data.sample import Sample
from belle.mini.data.tasks import TASKS, draw

QUESTIONS_PER_CATEGORY = 36
ROWS_PER_CATEGORY = 700
MATH_ROWS = 3000
TEXTS = 18_000
LEAKS = 33


def conversations(name: str, source: str) -> Iterator[Row]:
    """Yield the rows of `general`, `math` or `noisy` (schema: belle.data.tables); ids are `SOURCE-0`, ….

    `general` and `noisy` ask the same questions; in both, duplicates, broken rows and leaked evaluation questions
    are planted.

    Raises:
        UserError: there is no such data set.
    """
    if name not in ("general", "math", "noisy"):
        raise UserError(f"builtin data set {name!r}: unknown; there are general, math, noisy, corpus")
    # general and noisy share a seed, so that they ask the same questions
    random = Random("mini-math" if name == "math" else "mini-general")
    counts = {"math": MATH_ROWS} if name == "math" else dict.fromkeys(TASKS, ROWS_PER_CATEGORY)
    rows = list(answered_conversations(random, counts, noisy_teacher if name == "noisy" else clean_teacher))
    if name != "math":
        leaks = list(islice(_held_out(), LEAKS))
        rows = corrupt(rows, leaks, 0.05 if name == "noisy" else 0.01, random)
    for number, row in enumerate(rows):
        yield {"id": f"{source}-{number}", "source": source, **row}


def texts(name: str, source: str) -> Iterator[Row]:
    """Yield the texts of `corpus` for pre-training: `id`, `source`, `language`, `text`.

    Raises:
        UserError: there is no such corpus.
    """
    if name != "corpus":
        raise UserError(f"builtin text {name!r}: unknown; there is corpus")
    for number, text in enumerate(passages(Random("mini-corpus"), TEXTS)):
        yield {"id": f"{source}-{number}", "source": source, "language": "zh", "text": text}


def questions(name: str) -> Iterator[Row]:
    """Yield the evaluation set `mini`: `id`, `question`, `reference`, `category`, categories in turn.

    Raises:
        UserError: there is no such set.
    """
    if name != "mini":
        raise UserError(f"builtin evaluation set {name!r}: unknown; there is mini")
    for number, (category, sample) in enumerate(_held_out()):
        row = {"question": sample.question, "reference": sample.answer, "category": category}
        yield {"id": f"mini-{number}", **row}


def _held_out() -> Iterator[tuple[str, Sample]]:
    """The evaluation samples, categories in turn."""
    pools = {category: draw(category, Random(f"mini-eval-{category}"), held_out=True) for category in TASKS}
    for _ in range(QUESTIONS_PER_CATEGORY):
        for category, pool in pools.items():
            yield category, next(pool)
