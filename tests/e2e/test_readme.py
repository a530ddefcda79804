"""Every command of the README is run, in its order, in a copy of this repository; then those of the other documents."""

import re
import shlex
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from repository import ROOT, Repository

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

COVERED_ELSEWHERE = {
    "make test": ".ci/run calls it",
    "make test-fast": "a part of make test",
    "make lint": ".ci/run calls it",
    "python3.11 -m venv .venv": "make does the same, before any test runs",
    "source .venv/bin/activate": "the tests run inside it",
    "git merge theirs": "test_nothing_lost.py: it ends with a conflict",
    "git checkout --theirs dvc.lock metrics": "the same",
    "dvc repro --pull": "the same",
    'git add -A && git commit -m "Merge their results"': "the same",
    "belle promote lora good": "test_chains.py",
    "dvc exp run -S train.init_from=promoted/good -S 'data.sources=[mini-math]'": "the same",
}
OWN_TEST = ROOT / "docs/your-own.md"
"""Needs files of one's own: test_your_own.py."""
CHAINS = ROOT / "docs/chains.md"
"""Continues one experiment by another: test_chains.py."""
DOCUMENTS = [ROOT / "CONTRIBUTING.md", *sorted({*(ROOT / "docs").glob("*.md")} - {OWN_TEST, CHAINS})]
NEEDS_DOWNLOADS = ("model.profile=",)
"""Experiments on models that are not here: their configuration is checked, they are not run."""


def commands(document: Path) -> list[str]:
    """Commands of all bash blocks: comments cut, continued lines joined."""
    blocks = re.findall(r"```bash\n(.*?)```", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [re.sub(r"\s+", " ", line.partition(" #")[0]).strip() for line in lines if line.strip()]


def adapt(command: str, repository: Repository, tmp_path: Path) -> list[str]:
    """A command's words, as they can be run here: a folder for the bucket, pip without effect."""
    words = shlex.split(command)
    if words[0] == "export" or "|" in words:
        return ["sh", "-c", command]
    if words[0] == "pip":
        # everything is installed already; pip only works out that it fits, without a build environment of its own
        return [sys.executable, "-m", *words, "--dry-run", "--quiet", *_no_isolation(words)]
    if words[0] == "make":
        # the environment at hand is up to date, whatever the age of its stamp
        return [*words, "-o", ".venv/.installed"]
    return [str(tmp_path / "bucket") if word.startswith("s3://") else word for word in words]


def _no_isolation(words: list[str]) -> list[str]:
    return [] if "--no-build-isolation" in words else ["--no-build-isolation"]


def test_readme_commands_run(branch: Repository, tmp_path):
    (tmp_path / "bucket").mkdir()
    branch.run("git", "init", "-q", "--bare", "-b", "main", str(tmp_path / "origin.git"))
    branch.run("git", "remote", "add", "origin", str(tmp_path / "origin.git"))
    branch.dvc("remote", "remove", "shared")
    branch.commit("no remote yet")
    (branch.path / ".venv").symlink_to(Path(sys.prefix))
    bucket, at_colleague, pushed = tmp_path / "bucket", False, 0
    for command in commands(ROOT / "README.md"):
        if command in COVERED_ELSEWHERE:
            continue
        if any(mark in command for mark in NEEDS_DOWNLOADS):
            check_only(command, branch)
            continue
        if command.startswith("dvc remote add") and pushed:
            branch, at_colleague = clone(tmp_path), True
        if command == "dvc queue start":
            branch.finish_queue()
            continue
        output = branch.run(*adapt(command, branch, tmp_path))
        if command == "dvc repro" and at_colleague:
            assert "Data and pipelines are up to date." in output
        if command.startswith("dvc exp push"):
            # an experiment brings artifacts of its own
            assert files_in(bucket) > pushed
        pushed = files_in(bucket)
    assert at_colleague
    # the colleague has the experiment's model, and still has a remote
    assert (branch.path / "models/trained/adapter_model.safetensors").exists()
    assert "shared" in branch.dvc("remote", "list")


def test_commands_of_other_documents_run(branch: Repository, tmp_path):
    (branch.path / ".venv").symlink_to(Path(sys.prefix))
    found = [command for document in DOCUMENTS for command in commands(document)]
    assert found
    for command in found:
        if any(mark in command for mark in NEEDS_DOWNLOADS):
            check_only(command, branch)
            continue
        for part in command.split(" && "):
            if part not in COVERED_ELSEWHERE:
                branch.run(*adapt(part, branch, tmp_path))


def check_only(command: str, repository: Repository) -> None:
    """Let `belle check` judge the `-S` overrides."""
    overrides = [value for flag, value in pairwise(shlex.split(command)) if flag == "-S"]
    assert "are valid" in repository.run("belle", "check", *(f"-S{override}" for override in overrides))


def files_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def clone(tmp_path: Path) -> Repository:
    """A colleague's clone."""
    Repository(tmp_path).run("git", "clone", "-q", str(tmp_path / "origin.git"), str(tmp_path / "colleague"))
    return Repository(tmp_path / "colleague")
