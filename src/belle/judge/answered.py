"""Which variants have answers in the workspace, and whether those are the ones that the experiment asks for."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from belle.config.base import PARAMS, read_yaml
from belle.config.downloads import Download, read_download
from belle.config.question_source import EvalDownload
from belle.errors import UserError
from belle.evaluate.answers import ANSWERS, UNQUANTIZED
from belle.words import counted

EVAL = Path("eval")
SHOWN = 3


def answered(named: Sequence[str], schemes: Sequence[str]) -> list[str]:
    """Return the variants that were named, otherwise all of the experiment that have answers.

    Args:
        named: by the user.
        schemes: `quantize.schemes` in params.yaml.

    Raises:
        UserError: a name is no variant of the experiment, or one that was named, or every one, has no answers.
    """
    variants = [UNQUANTIZED, *schemes]
    for name in named:
        if name not in variants:
            raise UserError(f"--variant: {name!r} is none of this experiment; there are: {', '.join(variants)}")
        if not _answers(name).exists():
            raise UserError(f"{_answers(name)}: no such file; run `dvc repro {_stage(name)}`")
    found = [name for name in named or variants if _answers(name).exists()]
    if not found:
        raise UserError(f"{EVAL}: no variant has answers; run `dvc repro {_stage(UNQUANTIZED)}`")
    return found


def check_set(set_name: str) -> None:
    """Refuse to go on when the answers here are to another evaluation set than `evaluate.set`."""
    there = read_download("eval", Download[EvalDownload]).name
    if there != set_name:
        raise UserError(
            f"{EVAL}: the answers are to the set {there}, and evaluate.set is {set_name}; run `dvc repro generate`"
        )


def check_overrides(params: Mapping[str, Any]) -> None:
    """Refuse params that differ from params.yaml in more than the judging: they would make other answers."""
    if _without_judging(params) != _without_judging(read_yaml(PARAMS)):
        raise UserError(
            "-S: only evaluate.scorer and evaluate.judge may change here; what else changes makes other answers, and "
            "those have to be there to be counted (`dvc repro generate`)"
        )


def _without_judging(params: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in params["evaluate"].items() if key not in ("scorer", "judge")}
    return {**params, "evaluate": kept}


def note_about(variants: Sequence[str]) -> str | None:
    """Return why the answers here may not be those that would be judged; None when they are, or without DVC."""
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    stages = [_stage(variant) for variant in variants]
    try:
        with Repo() as repo:
            status = repo.status(targets=stages, with_deps=True)
    except DvcException:
        return None
    # any other value in params.yaml makes `check` run, and what it writes says for which stages that matters
    changed = sorted(name for name in status if name != "check")
    if not changed:
        return None
    named = ", ".join([*changed[:SHOWN], *(["…"] if len(changed) > SHOWN else [])])
    run = f"would run {counted(len(changed), 'stage')} ({named})"
    return f"{EVAL}: `dvc repro {' '.join(stages)}` {run}: answers may change"


def _answers(variant: str) -> Path:
    return EVAL / variant / ANSWERS


def _stage(variant: str) -> str:
    return "generate" if variant == UNQUANTIZED else f"generate_quantized@{variant}"
