"""Write the evaluation set as JSON Lines, and the judge's prompt for each category."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.config.messages import nearest
from belle.config.question_source import EvalDownload, normalize_category
from belle.data.importers.convert import convert_records
from belle.data.importers.read_files import read_rows, record_files
from belle.data.importers.records import Record, RowError, filled_text_of, optional_text, own_id
from belle.data.judge_prompts import prompt_problems
from belle.download.judge_prompts import read_judge_prompts
from belle.errors import UserError
from belle.files import fresh_directory, write_json
from belle.mini.data.builtin import questions
from belle.sources.cache import download_cache
from belle.sources.fetch import fetch, provenance

Question = dict[str, Any]

KEYS = {"questions": ("question", "reference", "category"), "belle": ("question", "std_answer", "class")}
"""Format of a set: the keys of its question, reference and category."""
QUESTION_KEYS = ("id", "question", "reference", "category")
MEANT = (
    dict.fromkeys(("answer", "answers", "target", "output", "std_answer", "expected", "gold", "label"), "reference")
    | dict.fromkeys(("prompt", "instruction", "input", "query"), "question")
    | dict.fromkeys(("class", "type", "task", "topic"), "category")
)
"""What other data sets call the keys of a question."""
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def download_eval(
    name: str, profile: EvalDownload, scored: Collection[str], target: Path, output: str | None = None
) -> None:
    """Write `questions.jsonl`, `judge_prompts.json` and `source.json` to `target`.

    A question has `id` (its own when it brings one), `question`, `reference` (or null) and `category` (normalized).
    The judge's prompts map a category to a prompt; empty when the set brings none.

    Args:
        name: the profile's name; questions without ids are `NAME-1`, `NAME-2`, ….
        profile: where the set comes from and how it is written.
        scored: the categories that have a metric.
        target: directory to write.
        output: `evaluate.judge.output`, None where no judge is asked.

    Raises:
        UserError: the source fails, or does not hold what the profile says; a key of a question is unknown, an id is
            there twice, no question of a category with a metric has a reference, or a judge's prompts are not enough.
    """
    with (
        download_cache("eval") as cache,
        fresh_directory(target) as folder,
        TemporaryDirectory(dir=folder) as scratch,
    ):
        files = Path(scratch)
        if profile.source.kind == "builtin":
            revision, rows = None, questions(profile.source.name)
        else:
            revision = fetch(profile.source, files, cache, "dataset")
            rows = import_questions(_question_files(files, profile), name, profile.format)
        categories = _write_lines(folder / "questions.jsonl", _scorable(rows, scored, name))
        write_json(folder / "judge_prompts.json", _judge_prompts(files, profile, categories, output))
        write_json(folder / "source.json", provenance(profile.source, revision, files))


def import_questions(files: list[Path], name: str, data_format: str) -> Iterator[Question]:
    """Yield the questions of some files, in order.

    Args:
        files: of any format of `belle.data.importers.read_files`.
        name: of the profile; questions without ids are `NAME-1`, `NAME-2`, ….
        data_format: a key of `KEYS`.

    Raises:
        UserError: a file or a row does not fit the format; names file, row and key.
    """
    question, reference, category = KEYS[data_format]
    row_of: dict[str, int] = {}

    def convert(number: int, record: Record) -> Question:
        if data_format == "questions" and (unknown := sorted(record.keys() - QUESTION_KEYS)):
            raise RowError(_unknown(unknown))
        answer, identity = optional_text(record, reference) or "", _id(record, f"{name}-{number}")
        if (first := row_of.setdefault(identity, number)) != number:
            raise RowError(f"key 'id': {identity!r} is already the id of question {first}")
        return {
            "id": identity,
            "question": filled_text_of(record, question),
            "reference": answer if answer.strip() else None,
            "category": _cell(normalize_category(filled_text_of(record, category)), category),
        }

    return convert_records(((path.name, read_rows(path)) for path in files), convert)


def _question_files(files: Path, profile: EvalDownload) -> list[Path]:
    return [path for path in record_files(files) if path.name != profile.judge_prompts]


def _unknown(keys: list[str]) -> str:
    """Return what is wrong with the keys of a question, and for each the key it was probably meant to be."""
    hints = {key: f"; did you mean {MEANT[key.lower()]}?" for key in keys if key.lower() in MEANT}
    named = " ".join(f"{key!r}{hints.get(key) or nearest(key, QUESTION_KEYS) or ';'}" for key in keys)
    return f"unknown key {named} A question has {', '.join(QUESTION_KEYS)}"


def _id(record: Record, otherwise: str) -> str:
    own = own_id(record)
    return otherwise if own is None else _cell(own if own.strip() else filled_text_of(record, "id"), "id")


def _cell(text: str, key: str) -> str:
    """Return a text that is a cell of tables and a part of messages; refuse line breaks and their like."""
    if CONTROL.search(text):
        raise RowError(f"key {key!r}: {text!r} holds a line break or another control character; take it out")
    return text


def _scorable(rows: Iterable[Question], scored: Collection[str], name: str) -> Iterator[Question]:
    """Pass the questions on; refuse a set whose metrics have nothing to compare an answer with."""
    categories: set[str] = set()
    found = False
    for row in rows:
        categories.add(row["category"])
        found = found or (row["category"] in scored and row["reference"] is not None)
        yield row
    if scored and not found:
        raise UserError(
            f"{name}: no question of a category with a metric ({', '.join(scored)}) has a reference; its "
            f"categories are {', '.join(sorted(categories))}: correct metrics in configs/eval/{name}.yaml or the set"
        )


def _judge_prompts(
    files: Path, profile: EvalDownload, categories: Collection[str], output: str | None
) -> dict[str, str]:
    if profile.judge_prompts is None:
        return {}
    path = files / profile.judge_prompts
    if not path.exists():
        raise UserError(f"{profile.judge_prompts}: the source holds no such file; correct judge_prompts in the profile")
    prompts = read_judge_prompts(path)
    if problems := prompt_problems(prompts, categories, output):
        raise UserError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return prompts


def _write_lines(path: Path, rows: Iterable[Question]) -> list[str]:
    """Write questions; return their categories, in the order of the first question of each."""
    categories: dict[str, None] = {}
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            categories.setdefault(row["category"])
    return list(categories)
