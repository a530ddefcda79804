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


def download_eval(name: str, profile: EvalProfile, target: Path) -> None:
    """Write `questions.jsonl`, `judge_prompts.json` and `source.json` to `target`.

    A question has `id`, `question`, `reference` (or null) and `category` (normalized). The judge's prompts
    map a category to a prompt; empty when the set brings none.

    Args:
        name: the profile's name; ids are `NAME-1`, `NAME-2`, … unless the set is builtin.
        profile: where the set comes from and how it is written.
        target: directory to write.

    Raises:
        UserError: the source fails, or does not hold what the profile says.
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
        _write_lines(folder / "questions.jsonl", rows)
        write_json(folder / "judge_prompts.json", _judge_prompts(files, profile))
        write_json(folder / "source.json", provenance(profile, revision, files))


def _import(files: Path, name: str, profile: EvalProfile) -> Iterator[Question]:
    question, reference, category = KEYS[profile.format]

    def convert(number: int, record: Record) -> Question:
        answer = optional_text(record, reference) or ""
        return {
            "id": f"{name}-{number}",
            "question": filled_text_of(record, question),
            "reference": answer if answer.strip() else None,
            "category": normalize_category(filled_text_of(record, category)),
        }

    return convert_records([path for path in record_files(files) if path.name != profile.judge_prompts], convert)


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
