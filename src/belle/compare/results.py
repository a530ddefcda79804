"""Read results at any revision: scores from Git, answers and judgments from DVC's cache."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from belle.compare.cache import link_output
from belle.compare.lock import Lock
from belle.compare.result import DETAILS, JUDGMENTS, TABLE, Result
from belle.compare.result_files import read_json, read_mapping, read_repeats, read_rows, scores_of
from belle.compare.revision import WORKSPACE, Revision, find_revision
from belle.errors import UserError
from belle.evaluate.answers import ANSWERS, UNQUANTIZED, Answer, read_answers

if TYPE_CHECKING:
    from belle.judge.judgments import Judgment


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


def answers(result: Result) -> list[Answer]:
    """Read the texts of the answers, from DVC's cache or the workspace.

    Raises:
        UserError: they are not there, with the command that brings them.
    """
    with TemporaryDirectory() as folder:
        return read_answers(_output(result, f"eval/{result.variant}", folder) / ANSWERS)


def judgments(result: Result, texts: Mapping[str, str]) -> list["Judgment"]:
    """Read what judges replied about the answers, nothing when none was asked.

    Args:
        result: whose answers were judged.
        texts: of all its answers, by question.

    Raises:
        UserError: they are not there, with the command that brings them.
    """
    from belle.judge.judgments import read_judgments

    if result.lock.hash_of(result.judgments) is None:
        return []
    with TemporaryDirectory() as folder:
        return read_judgments(_output(result, result.judgments, folder), texts)


def _load(name: str) -> Result:
    if not name.strip():
        raise UserError(f"a name is empty; what is here is called {WORKSPACE}")
    asked, _, variant = name.partition(":")
    revision, variant = find_revision(asked or WORKSPACE), variant or UNQUANTIZED
    label = revision.name if variant == UNQUANTIZED else f"{revision.name}:{variant}"
    lock, params = Lock(read_mapping(revision, "dvc.lock")), read_mapping(revision, "params.yaml")
    path, judged = f"{DETAILS}/{variant}{TABLE}", f"{DETAILS}/{variant}{JUDGMENTS}"
    table = revision.read(path)
    if table is None:
        raise UserError(f"{label}: {_no_scores(revision, variant)}")
    rows, scorers = read_rows(table, f"{label}: {path}")
    return Result(
        label=label,
        revision=revision.commit or WORKSPACE,
        variant=variant,
        ids=[row["id"] for row in rows],
        categories=[row["category"] for row in rows],
        hashes=[row.get("answer", "") for row in rows],
        flags=[frozenset(filter(None, row.get("flags", "").split(","))) for row in rows],
        scores={scorer: scores_of(rows, column, f"{label}: {path}") for scorer, column in scorers.items()},
        repeats=read_repeats(revision.read(judged) or b"", [row["id"] for row in rows], f"{label}: {judged}"),
        details=read_json(revision, f"{DETAILS}/{variant}.json"),
        params=params,
        speed=read_json(revision, "metrics/details/speed.json"),
        lock=lock,
        stale=lock.stale(path, params),
    )


def _no_scores(revision: Revision, variant: str) -> str:
    found = [name.removesuffix(TABLE) for name in revision.names(DETAILS) if name.endswith(TABLE)]
    if found:
        return f"no scores of a variant {variant!r}; there are: {', '.join(found)}"
    return "no scores here; run the experiment as far as `summarize`, or name one that has scores (`dvc exp show`)"


def _output(result: Result, path: str, folder: str) -> Path:
    """Return a directory with the files of an output of this result."""
    if result.revision == WORKSPACE:
        if Path(path).is_dir():
            return Path(path)
        raise UserError(f"{path}: no such directory; bring it with `dvc pull {path}`, or make it with `dvc repro`")
    link_output(result.lock.hash_of(path), path, result.revision, Path(folder))
    return Path(folder)
