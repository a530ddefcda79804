import json
import platform
import re
from pathlib import Path

from belle.environment import PACKAGES, environment


def test_versions_are_named_and_the_machine_is_not():
    found = environment()
    assert found["python"] == platform.python_version()
    assert re.match(r"\d+\.\d+", found["torch"])
    assert set(PACKAGES) < set(found)
    assert all(isinstance(value, str) for value in found.values())
    text = json.dumps(found)
    for private in (platform.node(), str(Path.home()), str(Path.cwd())):
        assert private not in text
    assert not re.search(r"20\d\d-\d\d-\d\d", text)
