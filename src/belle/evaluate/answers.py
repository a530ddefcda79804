"""The answers of one model to the evaluation set: `answers.jsonl`, one answer a line, in question order."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from belle.data.json_lines import Line, read_json_lines
from belle.data.questions import Question
from belle.evaluate.backends.stop import Stop
from belle.files import fresh_file

UNQUANTIZED = "unquantized"
"""The variant that is the checkpoint itself; every other one is a quantization scheme."""
ANSWERS = "answers.jsonl"
STATS = "stats.json"
"""What is known of a variant beside its answers: size, and distance to the unquantized model."""
REPAIR = "remove the file and run its generate stage again"


class Answer(Line):
    """One line of `answers.jsonl`."""

    question: str
    category: str = Field(min_length=1)
    """NFKC, casefold."""
    reference: str | None
    answer: str
    """As decoded, without thinking and end token; may be empty."""
    thinking: str | None = None
    """Text of a leading `<think>…</think>`."""
    tokens: int = Field(ge=0)
    """Tokens generated."""
    stop: Stop


def write_answers(path: Path, answers: Iterable[Answer]) -> None:
    """Write answers in the given order, Chinese kept readable, atomically."""
    with fresh_file(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(answer.model_dump_json() + "\n" for answer in answers)


def asked_otherwise(answer: Answer, question: Question) -> list[str]:
    """Return the keys by which an answer is not one to this question: its id, text, category or reference differs."""
    return [key for key in Question.model_fields if getattr(answer, key) != getattr(question, key)]


def read_answers(path: Path) -> list[Answer]:
    """Read `answers.jsonl`.

    Raises:
        UserError: no such file, no answers in it, rows that are not an `Answer` (file, row and key), or an id twice.
    """
    return read_json_lines(path, Answer, REPAIR)
