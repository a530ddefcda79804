"""`belle promote --list` and `--remove`: the promoted models of this repository."""

from dvc.exceptions import DvcException
from dvc.repo import Repo
from rich.console import Console
from rich.table import Table

from belle.config.base import PARAMS, read_value, read_yaml
from belle.config.messages import nearest
from belle.config.promoted import PREFIX, Provenance, promoted_names, read_provenance, tracking_file
from belle.errors import UserError
from belle.evaluate.answers import UNQUANTIZED

COLUMNS = ("name", "experiment", "revision", "checkpoint", "method", "score")


def list_promoted() -> None:
    """Print a table of the promoted models: which experiment each is of, how it was trained and what it scored."""
    read_yaml(PARAMS)
    names = promoted_names()
    if not names:
        return print("no promoted models; `belle promote EXPERIMENT NAME` makes one")
    table = Table(*COLUMNS, box=None, pad_edge=False)
    for name in names:
        table.add_row(name, *_row(read_provenance(name)))
    return Console(soft_wrap=True, highlight=False).print(table)


def remove_promoted(name: str) -> None:
    """Delete a promoted model and its `.dvc` file; DVC's cache and Git's history keep both.

    Raises:
        UserError: there is none of that name, or params.yaml starts from it.
    """
    if read_value("train.init_from", str) == PREFIX + name:
        raise UserError(f"{name}: params.yaml starts from it (train.init_from); set that to another checkpoint first")
    file = tracking_file(name)
    if name not in promoted_names():
        raise UserError(f"{name}: no promoted model has this name{nearest(name, promoted_names())}")
    try:
        with Repo() as repo:
            repo.scm_context.quiet = True
            repo.remove(str(file), outs=True)
            repo.scm.add([str(file)])
    except DvcException as error:
        raise UserError(f"{file}: dvc cannot remove it: {' '.join(str(error).split())}") from None


def _row(provenance: Provenance | None) -> list[str]:
    if provenance is None:
        return ["put there by hand", "", "", "", ""]
    params, checkpoint = provenance.params, provenance.checkpoint
    method = params["train"]["method"] if checkpoint == "trained" else ""
    # the score is that of the checkpoint which the experiment evaluated
    score = provenance.metrics.get(UNQUANTIZED) if checkpoint == params.get("checkpoint") else None
    shown = "" if score is None else f"{score:.4f}"
    return [provenance.experiment or "", provenance.revision[:8], checkpoint, method, shown]
