"""A copy of params.yaml and configs/ to make mistakes in."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
DELETE = object()


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Go to the copy; return `change(file, {key path: value or DELETE})`."""
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    monkeypatch.chdir(tmp_path)
    yaml = YAML(typ="safe")

    def change_file(file: str, changes: dict[str, Any]) -> None:
        content = yaml.load(Path(file))
        for path, value in changes.items():
            *sections, key = path.split(".")
            part = content
            for section in sections:
                part = part[section]
            if value is DELETE:
                del part[key]
            else:
                part[key] = value
        yaml.dump(content, Path(file))

    return change_file
