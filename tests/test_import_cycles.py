"""No two packages of src/belle import each other, directly or through others."""

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from stage_deps import files_of, imported_names

SOURCE = Path(__file__).resolve().parents[1] / "src"


def room(path: Path) -> Path:
    """The package of a module; a module directly in src/belle is a room of its own."""
    return path if path.parent == SOURCE / "belle" else path.parent


def imports_between_rooms() -> dict[Path, set[Path]]:
    rooms = defaultdict(set)
    for module in SOURCE.rglob("*.py"):
        for name in imported_names(module, SOURCE):
            rooms[room(module)] |= {room(path) for path in files_of(name, SOURCE)} - {room(module)}
    return rooms


def test_packages_form_no_cycle():
    rooms = imports_between_rooms()
    assert SOURCE / "belle" / "config" in rooms[SOURCE / "belle" / "train"]
    try:
        list(TopologicalSorter(rooms).static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(str(one.relative_to(SOURCE)) for one in reversed(error.args[1])))
