"""One experiment as Git and DVC have it: its params, metrics and checkpoints, read without touching the workspace."""

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
REPAIR = "run `dvc repro` on that commit, commit the results, and promote them"


class Experiment:
    """The files of one commit; those that DVC tracks come from its cache, or else from the remote.

    Attributes:
        asked: what the person named it by.
        revision: full hash of the commit.
        name: of the experiment, None when the commit is no experiment.
        metrics: every metric that dvc.yaml declares, by its key.
        files: reads Git's files and DVC's alike, by their paths below the root of the repository.
    """

    def __init__(self, repo: Repo, asked: str, revision: str, metrics: dict[str, Any]) -> None:
        self.repo, self.asked, self.revision, self.metrics = repo, asked, revision, metrics
        self.name = next((ref.name for ref in exp_refs(repo.scm) if repo.scm.get_ref(str(ref)) == revision), None)
        self.files: DVCFileSystem = repo.dvcfs

    def params(self) -> dict[str, Any]:
        """Return its params.yaml."""
        return dict(YAML(typ="safe", pure=True).load(self.files.read_text(PARAMS.as_posix())))

    def output(self, path: Path) -> Output:
        """Return what DVC tracks at a path.

        Raises:
            UserError: it tracks nothing there, or the stage has not run.
        """
        try:
            (found,) = self.repo.find_outs_by_path(path.as_posix(), strict=False)
        except OutputNotFoundError:
            raise UserError(f"{self.asked}: this commit has no {path}") from None
        if not found.hash_info:
            raise UserError(f"{self.asked}: {path} was not made there: dvc.lock has no hash of it")
        return found

    def refuse_stale(self, path: Path) -> None:
        """Raise a UserError when the stage that made `path` would run again: other params, or other inputs by now.

        Params and metrics would then be those of another model, and an adapter would meet another base.
        """
        for dep in self.output(path).stage.deps:
            if isinstance(dep, ParamsDependency):
                if changed := dep.workspace_status():
                    keys = ", ".join(sorted({key for keys in changed.values() for key in keys}))
                    raise UserError(f"{self.asked}: {path} was made with other values of {keys}; {REPAIR}")
            elif (now := self._exact(dep.def_path)) and now.hash_info != dep.hash_info:
                raise UserError(f"{self.asked}: {path} was made from another {dep.def_path}; {REPAIR}")

    def _exact(self, path: str) -> Output | None:
        try:
            return next(iter(self.repo.find_outs_by_path(path)))
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


def _metrics(repo: Repo, revision: str) -> dict[str, Any]:
    try:
        found = repo.metrics.show(revs=[revision]).get(revision, {}).get("data", {})
    except DvcException:
        return {}
    merged: dict[str, Any] = {}
    for _, file in sorted(found.items()):
        merged |= file.get("data", {})
    return merged
