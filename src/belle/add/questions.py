"""`belle add eval`: questions with references and categories, from a file, a folder, a URL or a hub repository."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from belle.add.metrics import propose_metrics
from belle.add.options import Given, Options
from belle.add.origin import Origin, downloaded, find_origin
from belle.add.profile import input_path, profile_path, save
from belle.add.records import choose_files, first_records
from belle.add.show import say_next, shorten
from belle.config.evaluation_set import EvalProfile, Metric
from belle.data.importers.import_rows import file_tables
from belle.data.importers.read_files import record_files
from belle.data.importers.records import Record
from belle.data.questions import Question
from belle.download.evaluation_set import KEYS, import_questions

SHOWN_QUESTIONS = 5


def add_questions(text: str, given: Given, files: list[str] | None = None) -> None:
    """Show five questions, propose a metric for each category, and write configs/eval/NAME.yaml.

    Args:
        text: a file or folder, a URL, or the name of a hub repository.
        given: options of every kind.
        files: those of a repository that hold the questions.

    Raises:
        UserError: a question has wrong keys or an id twice, the license is missing, or the profile is there already.
    """
    origin = find_origin(text, "dataset")
    options, name = Options(origin, given), given.name or origin.name
    path, chosen = profile_path("eval", name, given.force), choose_files(origin, files, options)
    place = input_path(origin.path, name, given.force) if origin.path else None
    license_and_homepage = options.license_and_homepage()
    options.refuse_missing()
    with _files(origin, chosen) as folder:
        data_format = _format(first_records(file_tables(folder)))
        rows = import_questions(record_files(folder), name, data_format)
        questions = [Question.model_validate(row) for row in rows]
    metrics = propose_metrics(questions)
    _show(questions, metrics)
    values = {"source": origin.source(place, chosen), "format": data_format, **license_and_homepage}
    save(path, EvalProfile, values | {"metrics": {key: one for key, one in metrics.items() if one}}, origin.path)
    say_next(path, place, f"evaluate.set={name}")


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
        print(f"{category}: {counts[category]} questions, {scored[category]} with a reference; {why}")
