"""The results of one variant at any revision: scores from Git, answers and judgments from DVC's cache."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from belle.compare.cache import link_output
from belle.compare.lock import Lock
from belle.compare.revision import WORKSPACE, Revision, find_revision
from belle.compare.yaml12 import read_yaml
from belle.errors import UserError

if TYPE_CHECKING:
    from belle.evaluate.answers import Answer
    from belle.judge.judgments import Judgment

UNQUANTIZED, METRICS = "unquantized", "metrics"
DETAILS = "metrics/details/eval"
TABLE, JUDGMENTS = ".answers.tsv", ".judgments.tsv"
QUESTIONS = "data/eval/questions.jsonl"
COLUMNS = ("id", "category", "answer", "flags")
OLD_COLUMNS = ("id", "category", "score")
"""Of experiments that were scored before there were judges."""
REPAIR = "score it again with `dvc repro`"


@dataclass(frozen=True)
class Result:
    """What is known of the answers of one variant.

    Attributes:
        label: EXPERIMENT, or EXPERIMENT:VARIANT of a quantized one.
        revision: full hash of the commit, or `workspace`.
        variant: `unquantized` or a quantization scheme.
        ids: of the questions, in their order [questions].
        categories: of the questions [questions].
        answers: hash of each answer's text; empty for results of an older form [questions].
        flags: what is to know of each answer, as in `truncated` [questions].
        scores: by scorer, float64 [questions], NaN = unscored.
        repeats: by judge that read some answer several times, float64 [repeats, questions], NaN = unscored.
        details: VARIANT.json.
        params: params.yaml.
        speed: seconds, memory and environment by task (metrics/details/speed.json).
        lock: dvc.lock.
        stale: why the scores are not those of these params, None when they are.
    """

    label: str
    revision: str
    variant: str
    ids: list[str]
    categories: list[str]
    answers: list[str]
    flags: list[frozenset[str]]
    scores: dict[str, np.ndarray]
    repeats: dict[str, np.ndarray] = field(repr=False)
    details: dict[str, Any] = field(repr=False)
    params: dict[str, Any] = field(repr=False)
    speed: dict[str, Any] = field(repr=False)
    lock: Lock = field(repr=False)
    stale: str | None

    @property
    def questions(self) -> str | None:
        """Hash of the questions and references that were answered; None when dvc.lock does not say."""
        return self.lock.dependency(f"eval/{self.variant}", QUESTIONS)

    @property
    def model(self) -> str:
        """Hash of the trained model that answered, or that the quantized one was made from; else the revision."""
        return self.lock.hash_of(f"models/{self.params.get('checkpoint')}") or self.revision

    def measured(self, task: Literal["generate", "train"], figure: str) -> float | None:
        """Return a figure of speed.json, as in `seconds`; None when it was not measured, or of other answers.

        An experiment that ran as far as `score` still has the times of the run before it.
        """
        generated = self.speed.get(f"generate {self.variant}", {})
        if generated.get("result") != self.details.get("answers_sha256"):
            return None
        value: float | None = (generated if task == "generate" else self.speed.get(task, {})).get(figure)
        return value

    @property
    def scored_by(self) -> dict[str, Any]:
        """What the metrics were: hashes of their code, and the evaluation set's profile."""
        return self.lock.scored_by(f"{DETAILS}/{self.variant}{TABLE}")


def load_results(names: Sequence[str]) -> list[Result]:
    """Read results from Git, or from the workspace, by their names.

    A name is EXPERIMENT, EXPERIMENT:VARIANT, `:VARIANT` or `workspace`; an EXPERIMENT may be a branch, tag or commit.

    Raises:
        UserError: an unknown name, the same one twice, or results that are missing or broken.
    """
    results = [_load(name) for name in names]
    labels = [result.label for result in results]
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        raise UserError(f"{', '.join(twice)}: given twice; a comparison needs different experiments or variants")
    return results


def answers(result: Result) -> list["Answer"]:
    """Read the texts of the answers, from DVC's cache or the workspace.

    Raises:
        UserError: they are not there, with the command that brings them.
    """
    from belle.evaluate.answers import ANSWERS, read_answers

    with TemporaryDirectory() as folder:
        return read_answers(_output(result, f"eval/{result.variant}", folder) / ANSWERS)


def judgments(result: Result) -> list["Judgment"]:
    """Read what judges replied about the answers, nothing when none was asked.

    Raises:
        UserError: they are not there, with the command that brings them.
    """
    from belle.judge.judgments import read_judgments

    path = f"eval/judgments/{result.variant}"
    if result.lock.hash_of(path) is None:
        return []
    texts = {answer.id: answer.answer for answer in answers(result)}
    with TemporaryDirectory() as folder:
        return read_judgments(_output(result, path, folder), texts)


def _load(name: str) -> Result:
    asked, _, variant = name.partition(":")
    revision, variant = find_revision(asked or WORKSPACE), variant or UNQUANTIZED
    label = revision.name if variant == UNQUANTIZED else f"{revision.name}:{variant}"
    lock, params = Lock(_yaml(revision, "dvc.lock")), _yaml(revision, "params.yaml")
    path = f"{DETAILS}/{variant}{TABLE}"
    table = revision.read(path)
    if table is None:
        raise UserError(f"{label}: {_no_scores(revision, variant)}")
    rows, scorers = _rows(table, f"{label}: {path}")
    return Result(
        label=label,
        revision=revision.commit or WORKSPACE,
        variant=variant,
        ids=[row["id"] for row in rows],
        categories=[row["category"] for row in rows],
        answers=[row.get("answer", "") for row in rows],
        flags=[frozenset(filter(None, row.get("flags", "").split(","))) for row in rows],
        scores={scorer: _scores(rows, column, f"{label}: {path}") for scorer, column in scorers.items()},
        repeats=_repeats(revision.read(f"{DETAILS}/{variant}{JUDGMENTS}") or b"", [row["id"] for row in rows]),
        details=_json(revision, f"{DETAILS}/{variant}.json"),
        params=params,
        speed=_json(revision, "metrics/details/speed.json"),
        lock=lock,
        stale=lock.stale(path, params),
    )


def _no_scores(revision: Revision, variant: str) -> str:
    found = [name.removesuffix(TABLE) for name in revision.names(DETAILS) if name.endswith(TABLE)]
    if found:
        return f"no scores of a variant {variant!r}; there are: {', '.join(found)}"
    return "no scores here; run the experiment as far as `summarize`, or name one that has scores (`dvc exp show`)"


def _rows(table: bytes, where: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return the rows of a table of answers, and the column of each scorer."""
    reader = csv.DictReader(table.decode(errors="replace").splitlines(), delimiter="\t", restkey="", restval=None)
    columns, rows = tuple(reader.fieldnames or ()), list(reader)
    if columns == OLD_COLUMNS:
        scorers = {METRICS: "score"}
    elif columns[: len(COLUMNS)] == COLUMNS:
        scorers = {column: column for column in columns[len(COLUMNS) :]}
    else:
        raise UserError(
            f"{where}: its columns are {', '.join(columns)}, not {', '.join(COLUMNS)} and scorers; {REPAIR}"
        )
    for number, row in enumerate(rows, start=2):
        if None in row.values() or "" in row:
            raise UserError(f"{where}: row {number}: not {len(columns)} cells; {REPAIR}")
    if not rows or not scorers:
        raise UserError(f"{where}: holds no scores; {REPAIR}")
    return rows, scorers


def _scores(rows: list[dict[str, str]], column: str, where: str) -> np.ndarray:
    values = np.full(len(rows), np.nan)
    for number, row in enumerate(rows):
        try:
            values[number] = float(row[column] or "nan")
        except ValueError:
            raise UserError(f"{where}: row {number + 2}: {column} is {row[column]!r}, no number; {REPAIR}") from None
    return values


def _repeats(table: bytes, ids: list[str]) -> dict[str, np.ndarray]:
    """Return the scores of each judge's repeats, of the judges that have more than one."""
    place = {identity: number for number, identity in enumerate(ids)}
    rows = list(csv.DictReader(table.decode(errors="replace").splitlines(), delimiter="\t"))
    found = {}
    for judge in sorted({row["judge"] for row in rows}):
        own = [row for row in rows if row["judge"] == judge and row["id"] in place]
        scores = np.full((1 + max((int(row["repeat"]) for row in own), default=0), len(ids)), np.nan)
        for row in own:
            scores[int(row["repeat"]), place[row["id"]]] = float(row["score"] or "nan")
        if len(scores) > 1:
            found[judge] = scores
    return found


def _yaml(revision: Revision, path: str) -> dict[str, Any]:
    return read_yaml(revision.read(path) or b"")


def _json(revision: Revision, path: str) -> dict[str, Any]:
    return dict(json.loads(revision.read(path) or b"{}"))


def _output(result: Result, path: str, folder: str) -> Path:
    """Return a directory with the files of an output of this result."""
    if result.revision == WORKSPACE:
        if Path(path).is_dir():
            return Path(path)
        raise UserError(f"{path}: no such directory; bring it with `dvc pull {path}`, or make it with `dvc repro`")
    link_output(result.lock.hash_of(path), path, result.revision, Path(folder))
    return Path(folder)
