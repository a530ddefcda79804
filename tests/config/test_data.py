import pytest

from belle.config.check import find_problems


@pytest.mark.parametrize(
    "changes",
    [
        {"data.sources": ["mini-math", "mini-math"]},
        {"data.texts.sources": ["mini-corpus", "mini-corpus"]},
    ],
)
def test_a_source_is_named_once(change, changes):
    change("params.yaml", changes)
    (line,) = find_problems()
    assert line.startswith("params.yaml: data: ")
    assert changes.popitem()[1][0] in line
