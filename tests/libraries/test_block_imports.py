import importlib
import importlib.util
import sys

import pytest

from belle.libraries.block_imports import block_imports


@pytest.fixture(autouse=True)
def modules(monkeypatch):
    """What is blocked here is open again afterwards."""
    monkeypatch.setattr(sys, "modules", sys.modules.copy())


def test_a_blocked_module_cannot_be_imported():
    sys.modules.pop("this", None)
    block_imports("this", "antigravity")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("this")


def test_a_module_that_was_imported_before_stays():
    import json

    block_imports("json")
    assert importlib.import_module("json") is json
