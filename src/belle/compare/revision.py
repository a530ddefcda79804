"""Files that Git has of an experiment, branch or commit, or those of the workspace, read without a checkout.

`git` itself is asked, and experiments are found by their references: importing DVC takes longer than a comparison.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from belle.config.messages import nearest
from belle.errors import UserError

WORKSPACE = "workspace"
REFERENCE = re.compile(r"refs/exps/([0-9a-f]{2})/([0-9a-f]{38})/(.+)")
"""Reference of an experiment: the commit it started from in two parts, and its name."""


class Experiment(NamedTuple):
    """A DVC experiment: the commit that it started from, its name and its own commit."""

    base: str
    name: str
    commit: str


@dataclass(frozen=True)
class Revision:
    """One state of the repository.

    Attributes:
        name: what the person calls it.
        commit: full hash; None for the workspace.
    """

    name: str
    commit: str | None

    def read(self, path: str) -> bytes | None:
        """Return the content of a file below the current directory, None when there is none."""
        if self.commit is None:
            return Path(path).read_bytes() if Path(path).is_file() else None
        found = _git("show", f"{self.commit}:./{path}")
        return found.stdout if found.returncode == 0 else None

    def names(self, directory: str) -> list[str]:
        """Return the sorted names of the files in a directory, none when there is no such directory."""
        if self.commit is None:
            return sorted(path.name for path in Path(directory).glob("*") if path.is_file())
        listed = _git("ls-tree", "-z", "--name-only", self.commit, f"{directory}/").stdout.decode()
        return sorted(path.rpartition("/")[2] for path in listed.split("\0") if path)


def find_revision(name: str) -> Revision:
    """Return the revision of a name: `workspace`, a branch, tag or commit, or else an experiment.

    Raises:
        UserError: nothing or several experiments have this name, or this is no Git repository.
    """
    if name == WORKSPACE:
        return Revision(name, None)
    found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found.returncode == 0:
        return Revision(name, found.stdout.decode().strip())
    experiments = list_experiments()
    commits = {one.base: one.commit for one in experiments if one.name == name}
    if len(commits) > 1:
        # DVC too takes the one that started from the current commit
        head = _git("rev-parse", "HEAD").stdout.decode().strip()
        commits = {head: commits[head]} if head in commits else commits
    if len(commits) > 1:
        several = ", ".join(commit[:10] for commit in sorted(commits.values()))
        raise UserError(f"{name}: several experiments have this name; give the hash of one: {several}")
    if not commits:
        raise UserError(f"{name}: {_unknown(name, sorted({one.name for one in experiments}))}")
    return Revision(name, next(iter(commits.values())))


def list_experiments() -> list[Experiment]:
    """Return all experiments, sorted by the commit they started from and by name."""
    listed = _git("for-each-ref", "--format=%(objectname) %(refname)", "refs/exps").stdout.decode()
    matches = ((line.partition(" ")[0], REFERENCE.fullmatch(line.partition(" ")[2])) for line in listed.splitlines())
    return [Experiment(match[1] + match[2], match[3], commit) for commit, match in matches if match]


def _unknown(name: str, experiments: list[str]) -> str:
    if _git("rev-parse", "--git-dir").returncode != 0:
        return "this directory is in no Git repository"
    listed = _git("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags").stdout.decode()
    known = nearest(name, [*experiments, *listed.split()])
    among = known or (f"; there are: {', '.join(experiments)}" if experiments else "; no experiment has run yet")
    return f"no experiment, branch, tag or commit has this name{among}"


def _git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["git", *arguments], capture_output=True, check=False)
