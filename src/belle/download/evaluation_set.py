"""Write the evaluation set as JSON Lines, and the judge's prompt for each category."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from belle.config.evaluation_set import EvalProfile, normalize_category
from belle.data.importers.records import (
    Record,
    RowError,
    convert_records,
    filled_text_of,
    optional_text,
    own_id,
    record_files,
    text_of,
)
from belle.errors import UserError
from belle.files import fresh_directory, write_json
from belle.mini.data.builtin import questions
from belle.sources.cache import download_cache
from belle.sources.fetch import fetch, provenance

Question = dict[str, Any]

KEYS = {"questions": ("question", "reference", "category"), "belle": ("question", "std_answer", "class")}
"""Format of a set: the keys of its question, reference and category."""
QUESTION_KEYS = ("id", "question", "reference", "category")


def download_eval(name: str, profile: EvalProfile, target: Path) -> None:
    """Write `questions.jsonl`, `judge_prompts.json` and `source.json` to `target`.

    A question has `id` (its own when it brings one), `question`, `reference` (or null) and `category` (normalized).
    The judge's prompts map a category to a prompt; empty when the set brings none.

    Args:
        name: the profile's name; questions without ids are `NAME-1`, `NAME-2`, ….
        profile: where the set comes from and how it is written.
        target: directory to write.

    Raises:
        UserError: the source fails, or does not hold what the profile says; a key of a question is unknown, an id is
            there twice, or no metric of the profile has a reference to compare with.
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
            rows = _import(files, name, profile)
        _write_lines(folder / "questions.jsonl", _scorable(rows, profile, name))
        write_json(folder / "judge_prompts.json", _judge_prompts(files, profile))
        write_json(folder / "source.json", provenance(profile, revision, files))


def _import(files: Path, name: str, profile: EvalProfile) -> Iterator[Question]:
    question, reference, category = KEYS[profile.format]
    row_of: dict[str, int] = {}

    def convert(number: int, record: Record) -> Question:
        if profile.format == "questions" and (unknown := sorted(record.keys() - QUESTION_KEYS)):
            raise RowError(f"unknown key {', '.join(map(repr, unknown))}; a question has {', '.join(QUESTION_KEYS)}")
        answer, identity = optional_text(record, reference) or "", _id(record, f"{name}-{number}")
        if (first := row_of.setdefault(identity, number)) != number:
            raise RowError(f"key 'id': {identity!r} is already the id of question {first}")
        return {
            "id": identity,
            "question": filled_text_of(record, question),
            "reference": answer if answer.strip() else None,
            "category": normalize_category(filled_text_of(record, category)),
        }

    return convert_records([path for path in record_files(files) if path.name != profile.judge_prompts], convert)


def _id(record: Record, otherwise: str) -> str:
    own = own_id(record)
    return otherwise if own is None else own if own.strip() else filled_text_of(record, "id")


def _scorable(rows: Iterable[Question], profile: EvalProfile, name: str) -> Iterator[Question]:
    """Pass the questions on; refuse a set whose metrics have nothing to compare an answer with."""
    categories: set[str] = set()
    found = False
    for row in rows:
        categories.add(row["category"])
        found = found or (row["category"] in profile.metrics and row["reference"] is not None)
        yield row
    if profile.metrics and not found:
        raise UserError(
            f"{name}: no question of a category with a metric ({', '.join(profile.metrics)}) has a reference; its "
            f"categories are {', '.join(sorted(categories))}: correct metrics in configs/eval/{name}.yaml or the set"
        )


def _judge_prompts(files: Path, profile: EvalProfile) -> dict[str, str]:
    if profile.judge_prompts is None:
        return {}
    path = files / profile.judge_prompts
    if not path.exists():
        raise UserError(f"{profile.judge_prompts}: the source holds no such file; correct judge_prompts in the profile")
    prompts: dict[str, str] = {}

    def convert(_: int, record: Record) -> None:
        category = normalize_category(text_of(record, "class"))
        if category in prompts:
            raise RowError(f"key 'class': a second prompt for {category!r}")
        prompts[category] = text_of(record, "prompt")

    list(convert_records([path], convert))
    return prompts


def _write_lines(path: Path, rows: Iterable[Question]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
