from collections.abc import Callable
from pathlib import Path

import pytest
from dvc.repo import Repo

from factories import write_json_lines


@pytest.fixture(autouse=True)
def repository(change: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's configuration in an empty DVC repository."""
    monkeypatch.delenv("DVC_ROOT", raising=False)
    Repo.init(no_scm=True).close()


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write rows to a file outside of the repository."""
    folder = tmp_path_factory.mktemp("own")
    return lambda name, *rows: write_json_lines(folder / name, *rows)
