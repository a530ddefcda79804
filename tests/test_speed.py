import json
import platform
import re
from pathlib import Path

import pytest

from belle.environment import PACKAGES, environment
from belle.speed import measure


def test_what_is_measured(tmp_path):
    with measure(tmp_path / "metrics", "full") as speed:
        speed.count("answers", 30)
    facts = json.loads((tmp_path / "metrics" / "speed.json").read_text())["speed"]["full"]
    assert set(facts) == {"seconds", "answers", "answers_per_second", "peak_memory_mb", "device"}
    assert facts["answers"] == 30
    assert facts["device"] == "cpu"
    assert facts["answers_per_second"] > 0
    # this process holds an interpreter, not gigabytes of nothing
    assert 10 < facts["peak_memory_mb"] < 100_000


def test_nothing_is_written_when_the_work_fails(tmp_path):
    with pytest.raises(ValueError, match="broken"), measure(tmp_path / "metrics", "full"):
        raise ValueError("broken")
    assert not (tmp_path / "metrics").exists()


def test_environment_names_versions_and_no_machine():
    found = environment()
    assert found["python"] == platform.python_version()
    assert re.match(r"\d+\.\d+", found["torch"])
    assert set(PACKAGES) < set(found)
    assert all(isinstance(value, str) for value in found.values())
    text = json.dumps(found)
    for private in (platform.node(), str(Path.home()), str(Path.cwd())):
        assert private not in text
    assert not re.search(r"20\d\d-\d\d-\d\d", text)
