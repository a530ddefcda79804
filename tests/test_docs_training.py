"""The experiments of docs/training.md are valid."""

import re
import shlex
from itertools import pairwise

import pytest

from belle.config.check import find_problems
from factories import ROOT

PAGE = (ROOT / "docs/training.md").read_text(encoding="utf-8").replace("\\\n", " ")
COMMANDS = re.findall(r"dvc exp run .*", PAGE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_valid(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    overrides = [value for flag, value in pairwise(shlex.split(command)) if flag == "-S"]
    assert overrides and find_problems(overrides) == []
