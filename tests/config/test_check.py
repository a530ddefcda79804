from pathlib import Path

import pytest

from belle.config.check import find_problems

MODEL, DATA = "configs/model/mini.yaml", "configs/data/mini-general.yaml"


def test_the_shipped_experiment_is_valid(change):
    assert find_problems() == []


def test_everything_at_once(change):
    """Keys, values, a missing and a broken profile, and combinations of the sections that are valid."""
    change("params.yaml", {"train.ft.lr": 1, "evaluate.set": "mni", "seed": "42"})
    change("params.yaml", {"clean.min_characters": 10, "clean.max_characters": 9})
    change("params.yaml", {"quantize.schemes": ["gguf-q8_0", "gguf-q8_0"], "data.sources": ["mini-general", "x"]})
    change(DATA, {"format": "belly"})
    change(MODEL, {"hidden_size": 100})
    wanted = [
        ("params.yaml: seed: ", "remove the quotes"),
        ("params.yaml: train.ft.lr: unknown key", "learning_rate"),
        ("params.yaml: evaluate.set: configs/eval/mni.yaml: ", "did you mean mini?"),
        (f"{DATA}: format: ", "did you mean belle?"),
        ("params.yaml: data.sources: configs/data/x.yaml: no such file; there are: ", "mini-general"),
        ("params.yaml: clean.min_characters: ", "clean.max_characters, 9"),
        ("params.yaml: quantize.schemes: gguf-q8_0 ", "twice"),
        ("params.yaml: quantize.schemes: gguf-q8_0 ", "multiple of 32"),
    ]
    lines = find_problems()
    assert len(lines) == len(wanted)
    for line, (start, word) in zip(lines, wanted, strict=True):
        assert line.startswith(start)
        assert word in line


def test_a_profile_named_twice_is_reported_once(change):
    change(DATA, {"language": "Chinese"})
    change("params.yaml", {"data.text_sources": ["mini-general", "mini-general"]})
    assert len([line for line in find_problems() if line.startswith(DATA)]) == 1


@pytest.mark.parametrize("section", ["model", "data", "evaluate", "train"])
@pytest.mark.parametrize("value", [None, 3, "text", [1], {}, {"profile": 7, "sources": 3, "set": [[]]}])
def test_sections_of_the_wrong_shape(change, section, value):
    change("params.yaml", {section: value})
    assert find_problems()
    assert all(line.startswith(f"params.yaml: {section}") for line in find_problems())


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "../../params.yaml/x", ""])
def test_names_that_are_no_file_names(change, name):
    change("params.yaml", {"data.sources": [name]})
    (line,) = find_problems()
    assert line.startswith("params.yaml: data.sources: configs/data/")


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("params.yaml", "seed: 1\nseed: 2\n", 'not valid YAML: line 2, column 1: found duplicate key "seed"'),
        ("params.yaml", "", "the file is empty; expected keys with values"),
        (MODEL, "", "the file is empty; expected keys with values"),
        (MODEL, "a:\n\t- b\n", "not valid YAML: line 2, column 1: found character '\\t' that cannot start any token"),
    ],
)
def test_files_that_cannot_be_read(change, file, text, line):
    Path(file).write_text(text)
    assert find_problems() == [f"{file}: {line}"]


def test_no_params_and_no_profiles(change):
    Path("configs").rename("elsewhere")
    assert [line.split(": ")[1] for line in find_problems()] == [
        "model.profile", "evaluate.set", "hardware", "data.sources", "data.text_sources",
    ]  # fmt: skip
    Path("params.yaml").unlink()
    assert find_problems() == ["params.yaml: no such file; run this at the root of the repository"]
