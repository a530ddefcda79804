import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        (("show", "--dropped", "-n", "1", "--start", "1"), "[1] test-11"),
        (("show", "--reason", "too_long"), "[0] test-12"),
        (("show", "--table", "texts"), "[0] text-1"),
        (("why", "test-1"), "test-1  test · zh · math · 1 turn"),
    ],
)
def test_the_commands_print_rows_and_nothing_else(data, arguments, out):
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-m", "belle.cli", "data", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(out)


@pytest.mark.slow
def test_a_mistake_is_one_line(data):
    command = [sys.executable, "-m", "belle.cli", "data", "why", "nothing"]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: data/clean: no row has the id 'nothing'")
