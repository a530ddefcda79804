"""The evaluation set: data/eval/questions.jsonl."""

from pathlib import Path

from pydantic import Field

from belle.data.json_lines import Line, read_json_lines

REPAIR = "run `dvc repro download_eval`"


class Question(Line):
    """One line of `questions.jsonl`."""

    question: str = Field(min_length=1)
    reference: str | None
    category: str = Field(min_length=1)


def read_questions(path: Path, limit: int | None) -> list[Question]:
    """Read the questions in file order; with `limit`, so many spread evenly over the set (all when fewer).

    Raises:
        UserError: no such file, no questions in it, an id twice, or rows that are not a `Question`, one line each.
    """
    questions = read_json_lines(path, Question, REPAIR)
    count = min(limit or len(questions), len(questions))
    return [questions[index * len(questions) // count] for index in range(count)]
