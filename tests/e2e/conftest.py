"""The pipeline run once on the smallest model, and copies of it for tests that change something."""

from pathlib import Path

import pytest
from repository import NANO, Repository, copy_checkout


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The pipeline run once on the nano model, committed, pushed to a local remote. Do not change it: `branch`."""
    repository = copy_checkout(tmp_path_factory.mktemp("finished"))
    repository.experiment(*NANO)
    repository.dvc("remote", "add", "--default", "shared", str(tmp_path_factory.mktemp("remote")))
    repository.commit("nano")
    repository.dvc("push")
    return repository


@pytest.fixture
def branch(finished: Repository, tmp_path: Path) -> Repository:
    """A copy of the finished repository, cache and run cache included, for one test to change."""
    return finished.copy(tmp_path / "branch")
