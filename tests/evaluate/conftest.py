"""A checkpoint that answers, for the tests that do not bring one of their own."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def checkpoint(tiny_model, tmp_path, monkeypatch) -> Path:
    """models/base in a repository that has a folder for answers."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eval").mkdir()
    shutil.copytree(tiny_model("llama"), "models/base")
    return Path("models/base")
