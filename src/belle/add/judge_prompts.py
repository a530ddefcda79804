"""`belle add eval --judge-prompts FILE`: a judge's prompts beside the questions, checked against them."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from belle.add.origin import Origin
from belle.config.base import read_value
from belle.data.judge_prompts import prompt_problems
from belle.download.judge_prompts import read_judge_prompts
from belle.errors import UserError

OPTION = "--judge-prompts"


@contextmanager
def beside(origin: Origin, prompts: str | None, name: str) -> Iterator[tuple[Origin, str | None]]:
    """Yield an origin that holds the prompts too, and the name that their file has in there.

    A local file of questions and one of prompts become a folder, which is deleted in the end.

    Args:
        origin: of the questions.
        prompts: a local file, or one of the folder or hub repository that the questions come from; None without.
        name: of the profile.

    Raises:
        UserError: no such file, or one that cannot stand beside the questions.
    """
    if prompts is None or (prompts in origin.names and "/" not in prompts):
        yield origin, prompts
    elif origin.path is None:
        raise UserError(
            f"{OPTION}: {prompts}: no file at the top of {origin.text}; name one, or keep both in a folder of your own"
        )
    elif not (file := Path(prompts).expanduser()).is_file():
        raise UserError(f"{OPTION}: {prompts}: no such file")
    elif origin.path.is_dir():
        if file.resolve().parent != origin.path.resolve():
            raise UserError(f"{OPTION}: {prompts}: copy it into {origin.text}, the folder of the questions")
        yield origin, file.name
    else:
        yield from _together(origin, origin.path, file, name)


def check_prompts(path: Path, categories: Iterable[str]) -> None:
    """Refuse prompts that are not enough for the questions.

    Raises:
        UserError: a category has no prompt, or one that does not ask for what `evaluate.judge.output` needs.
    """
    problems = prompt_problems(read_judge_prompts(path), categories, read_value("evaluate.judge.output", str))
    if problems:
        raise UserError("\n".join(f"{path.name}: {problem}" for problem in problems))


def _together(origin: Origin, questions: Path, prompts: Path, name: str) -> Iterator[tuple[Origin, str]]:
    if questions.name == prompts.name:
        raise UserError(f"{OPTION}: {prompts}: named as the file of the questions; give it another name")
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        folder.mkdir()
        for file in (questions, prompts):
            shutil.copyfile(file, folder / file.name)
        yield replace(origin, path=folder, names=sorted((questions.name, prompts.name))), prompts.name
