"""One experiment as Git and DVC have it: its params, metrics and checkpoints, read without touching the workspace."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dvc.dependency import ParamsDependency
from dvc.exceptions import DvcException, OutputNotFoundError
from dvc.fs.dvc import DVCFileSystem
from dvc.output import Output
from dvc.repo import Repo
from dvc.repo.brancher import switch
from dvc.repo.experiments.utils import exp_refs
from dvc.scm import RevError, resolve_rev
from ruamel.yaml import YAML

from belle.config.base import PARAMS
from belle.config.messages import nearest
from belle.errors import UserError

WORKSPACE = "workspace"


class Experiment:
    """The files of one commit; those that DVC tracks come from its cache, or else from the remote.

    Attributes:
        asked: what the person named it by.
        revision: full hash of the commit.
        name: of the experiment, None when the commit is no experiment.
        files: reads Git's files and DVC's alike, by their paths below the root of the repository.
    """

    def __init__(self, repo: Repo, asked: str, revision: str, metrics: dict[str, dict[str, Any]]) -> None:
        self.repo, self.asked, self.revision, self._metrics = repo, asked, revision, metrics
        names = (ref.name for ref in exp_refs(repo.scm) if repo.scm.get_ref(str(ref)) == revision)
        self.name = min(names, default=None)
        self.files: DVCFileSystem = repo.dvcfs
        self._stale: dict[Path, str | None] = {}

    def params(self) -> dict[str, Any]:
        """Return its params.yaml."""
        return dict(YAML(typ="safe", pure=True).load(self.files.read_text(PARAMS.as_posix())))

    def refuse_stale(self, directory: Path) -> None:
        """Raise a UserError when DVC tracks no such directory, its stage has not run, or would run again."""
        if reason := self.stale(directory):
            raise UserError(f"{self.asked}: {reason}; run `dvc repro` on that commit and promote its results")

    def md5(self, directory: Path) -> str:
        """Return the hash of a directory that is not refused, as dvc.lock or its `.dvc` file has it."""
        return str(self.repo.find_outs_by_path(directory.as_posix(), strict=False)[0].hash_info.value)

    def stale(self, path: Path) -> str | None:
        """Return why `path` is not what params and inputs at this commit would make; None when it is.

        The stages before it count too: their params stand in the same params.yaml.
        """
        if path not in self._stale:
            self._stale[path] = self._reason(path)
        return self._stale[path]

    def metrics(self) -> dict[str, Any]:
        """Return the metrics that dvc.yaml declares, by their keys; with a notice, not those of another model.

        Git has those of an earlier run when an experiment ran as far as `train`.
        """
        merged: dict[str, Any] = {}
        for path, values in sorted(self._metrics.items()):
            if reason := self.stale(Path(path)):
                print(f"note: {self.asked}: {path} is left out: {reason}", file=sys.stderr)
            else:
                merged |= values
        return merged

    def _reason(self, path: Path) -> str | None:
        found = self._find(path.as_posix())
        if found is None or not found.hash_info:
            return f"this commit has no {path}" if found is None else f"{path} has no hash in dvc.lock"
        for dep in found.stage.deps:
            if isinstance(dep, ParamsDependency):
                if changed := dep.workspace_status():
                    keys = ", ".join(sorted({key for keys in changed.values() for key in keys}))
                    return f"{path} was made with other values of {keys}"
            elif (now := self._find(dep.def_path)) is not None:
                # a file inside an output has a hash of its own
                if now.fs_path == dep.fs_path and now.hash_info != dep.hash_info:
                    return f"{path} was made from another {dep.def_path}"
                if reason := self.stale(Path(dep.def_path)):
                    return reason
        return None

    def _find(self, path: str) -> Output | None:
        """Return the output at a path, or the one that holds it."""
        try:
            return next(iter(self.repo.find_outs_by_path(path, strict=False)))
        except OutputNotFoundError:
            return None


@contextmanager
def experiment(repo: Repo, asked: str) -> Iterator[Experiment]:
    """Yield an experiment; until the block ends `repo` shows its commit instead of the workspace.

    Args:
        repo: this repository.
        asked: name of an experiment, branch or tag, or the hash of a commit.

    Raises:
        UserError: there is none of that name.
    """
    if asked == WORKSPACE:
        raise UserError(f"{asked}: a promoted model names the commit it comes from; commit the results, or name HEAD")
    revision = _resolve(repo, asked)
    metrics = _metrics(repo, revision)
    with switch(repo, revision):
        yield Experiment(repo, asked, revision, metrics)


def _resolve(repo: Repo, asked: str) -> str:
    try:
        return str(resolve_rev(repo.scm, asked))
    except RevError as error:
        if "ambiguous" in str(error):
            raise UserError(f"{asked}: several experiments have this name; give the hash of one") from None
    names = sorted({ref.name for ref in exp_refs(repo.scm)})
    known = nearest(asked, [*names, *repo.scm.list_branches(), *repo.scm.list_tags()])
    among = known or (f"; there are: {', '.join(names)}" if names else "; no experiment has run yet")
    raise UserError(f"{asked}: no experiment, branch or commit has this name{among}")


def _metrics(repo: Repo, revision: str) -> dict[str, dict[str, Any]]:
    """Return the values of every metrics file that dvc.yaml declares and the commit has, by its path."""
    try:
        files = repo.metrics.show(revs=[revision])[revision]["data"]
    except (DvcException, LookupError):
        return {}
    return {path: file["data"] for path, file in files.items() if "data" in file}
