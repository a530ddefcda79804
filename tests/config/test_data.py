import pytest

from belle.config.check import find_problems


@pytest.mark.parametrize("key", ["data.sources", "data.texts.sources"])
def test_a_source_is_named_once(change, key):
    name = "mini-math" if key == "data.sources" else "mini-corpus"
    change("params.yaml", {key: [name, name]})
    (line,) = find_problems()
    assert line.startswith("params.yaml: data") and "named once" in line and name in line
