"""`belle add eval`: questions with references and categories, from a file, a folder, a URL or a hub repository."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from belle.add.judge_prompts import beside, check_prompts
from belle.add.metrics import propose_metrics
from belle.add.options import Given, Options
from belle.add.origin import Origin, downloaded, find_origin
from belle.add.profile import input_path, profile_path, save
from belle.add.records import choose_files, first_records
from belle.add.show import say_next, shorten
from belle.config.evaluation_set import EvalProfile, Metric
from belle.data.importers.read_files import read_rows, record_files
from belle.data.importers.records import Record
from belle.data.questions import Question
from belle.download.evaluation_set import KEYS, import_questions
from belle.errors import UserError
from belle.words import counted

SHOWN_QUESTIONS = 5


def add_questions(text: str, given: Given, files: list[str] | None = None, judge_prompts: str | None = None) -> None:
    """Show five questions, propose a metric for each category, and write configs/eval/NAME.yaml.

    Args:
        text: a file or folder, a URL, or the name of a hub repository.
        given: options of every kind.
        files: those of a repository that hold the questions.
        judge_prompts: a file with the judge's prompt for each category.

    Raises:
        UserError: a question has wrong keys or an id twice, the license is missing, the profile is there already, or a
            category has no prompt that a judge can use.
    """
    found = find_origin(text, "dataset")
    name = given.name or found.name
    with beside(found, judge_prompts, name) as (origin, prompts):
        options = Options(found, given)
        path = profile_path("eval", name, given.force)
        others = replace(origin, names=[one for one in origin.names if one != prompts])
        chosen = [*choose_files(others, files, options), *([prompts] if prompts else [])]
        place = input_path(origin.path, name, given.force) if origin.path else None
        license_and_homepage = options.license_and_homepage()
        options.refuse_missing()
        with _files(origin, chosen) as folder:
            questions, data_format = _read(folder, name, prompts)
            if prompts is not None:
                check_prompts(folder / prompts, (one.category for one in questions))
        metrics = propose_metrics(questions)
        _show(questions, metrics)
        values: dict[str, Any] = {"source": origin.source(place, chosen), "format": data_format}
        scored = {key: one for key, one in metrics.items() if one}
        values |= ({"judge_prompts": prompts} if prompts else {}) | license_and_homepage | {"metrics": scored}
        save(path, EvalProfile, values, origin.path)
    scorer = "both" if scored else "judge"
    say_next(path, place, f"evaluate.set={name}", *([f"evaluate.scorer={scorer}"] if prompts else []))


def _read(folder: Path, name: str, prompts: str | None) -> tuple[list[Question], str]:
    """Return the questions of a file or folder, and their format."""
    files = [path for path in record_files(folder) if path.name != prompts]
    if not files:
        raise UserError(f"{folder.name}: no file of questions beside {prompts}")
    data_format = _format(first_records((path.name, read_rows(path)) for path in files))
    return [Question.model_validate(row) for row in import_questions(files, name, data_format)], data_format


@contextmanager
def _files(origin: Origin, names: list[str]) -> Iterator[Path]:
    """Yield the local origin, or a folder with the file of a URL or those of a repository."""
    if origin.path is not None:
        yield origin.path
        return
    with downloaded(origin, "dataset", names) as folder:
        yield folder


def _format(records: list[Record]) -> str:
    """Return `belle` for BELLE's own keys, which the others would be refused by."""
    return "belle" if all(set(KEYS["belle"]) <= record.keys() for record in records) else "questions"


def _show(questions: list[Question], metrics: dict[str, Metric | None]) -> None:
    for question in questions[:SHOWN_QUESTIONS]:
        print(f"{question.id} [{question.category}] {shorten(question.question)}")
        print(f"  reference: {shorten(question.reference) if question.reference else 'none, never scored by a metric'}")
    counts = Counter(one.category for one in questions)
    scored = Counter(one.category for one in questions if one.reference)
    for category, metric in metrics.items():
        why = metric or "no metric: no question has a reference"
        print(f"{category}: {counted(counts[category], 'question')}, {scored[category]} with a reference; {why}")
