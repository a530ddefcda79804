import pytest

from belle.config.check import find_problems


@pytest.mark.parametrize("key", ["data.sources", "data.texts.sources"])
def test_a_source_is_named_once(change, key):
    name = "mini-math" if key == "data.sources" else "mini-corpus"
    change("params.yaml", {key: [name, name]})
    (line,) = find_problems()
    assert line.startswith("params.yaml: data") and "named once" in line and name in line


DATA, FILE = "configs/data/mini-general.yaml", {"kind": "path", "path": "inputs/mine.jsonl"}


@pytest.fixture
def mine(change):
    """Write a profile of files of one's own, with other keys; return its problems but for the missing file."""

    def problems(**keys) -> list[str]:
        change(DATA, {"source": FILE, "format": "alpaca", **keys})
        return [line for line in find_problems() if "inputs/mine.jsonl" not in line]

    return problems


@pytest.mark.parametrize(
    "keys",
    [
        {"columns": {"instruction": "question", "id": "number"}},
        {"html_to_markdown": True},
        {"split_long": {"max_turns": 4}},
        {"split_long": {"max_turns": None, "max_characters": 4000}},
        {"split_long": None},
    ],
)
def test_a_profile_says_how_its_rows_are_read(mine, keys):
    assert mine(**keys) == []


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"columns": {"instruktion": "question"}}, ["alpaca", "mean instruction?"]),
        ({"columns": {"instruction": 1}}, ["columns"]),
        ({"split_long": {}}, ["max_turns", "max_characters"]),
        ({"split_long": {"max_turns": 0}}, ["split_long.max_turns"]),
        ({"format": "text", "html_to_markdown": True}, ["html_to_markdown"]),
        ({"source": {"kind": "builtin", "name": "general"}, "columns": {"instruction": "x"}}, ["columns"]),
    ],
)
def test_what_does_not_fit_the_format_is_refused(mine, keys, words):
    (line,) = [line for line in mine(**keys) if line.startswith(DATA)]
    assert [word for word in words if word not in line] == []
