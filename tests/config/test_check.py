from pathlib import Path

import pytest

from belle.config.check import find_problems

MODEL, DATA = "configs/model/mini.yaml", "configs/data/mini-general.yaml"


def test_the_shipped_experiment_is_valid(change):
    assert find_problems() == []


def test_all_problems_are_found_at_once(change):
    """Keys, values, a missing and a broken profile, and combinations of the sections that are valid."""
    change("params.yaml", {"train.ft.lr": 1, "evaluate.set": "mni", "seed": "42"})
    change("params.yaml", {"clean.min_characters": 10, "clean.max_characters": 9})
    change("params.yaml", {"quantize.schemes": ["gguf-q8_0", "gguf-q8_0"], "data.sources": ["mini-general", "x"]})
    change(DATA, {"format": "belly"})
    change(MODEL, {"hidden_size": 100})
    wanted = [
        ("params.yaml: seed: ", "remove the quotes"),
        ("params.yaml: train.ft.lr: unknown key", "learning_rate"),
        ("params.yaml: evaluate.set: configs/eval/mni.yaml: ", "mean mini?"),
        (f"{DATA}: format: ", "mean belle?"),
        ("params.yaml: data.sources: configs/data/x.yaml: no such file", "mini-general"),
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
    change("params.yaml", {"data.texts.sources": ["mini-general", "mini-general"]})
    assert len([line for line in find_problems() if line.startswith(DATA)]) == 1


@pytest.mark.parametrize("section", ["model", "data", "evaluate", "train"])
@pytest.mark.parametrize("value", [None, 3, "text", [1], {}, {"profile": 7, "sources": 3, "set": [[]]}])
def test_sections_of_the_wrong_shape_are_named(change, section, value):
    change("params.yaml", {section: value})
    assert find_problems()
    assert all(line.startswith(f"params.yaml: {section}") for line in find_problems())


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "../../params.yaml/x", ""])
def test_names_that_are_no_file_names_are_refused(change, name):
    change("params.yaml", {"data.sources": [name]})
    (line,) = find_problems()
    assert line.startswith("params.yaml: data.sources")


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("params.yaml", "seed: 1\nseed: 2\n", "line 2, column 1"),
        ("params.yaml", "", "empty"),
        (MODEL, "", "empty"),
        (MODEL, "a:\n\t- b\n", "line 2, column 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(change, file, text, problem):
    Path(file).write_text(text)
    (line,) = find_problems()
    assert line.startswith(f"{file}: ")
    assert problem in line


def test_missing_files_are_named_by_the_key_that_needs_them(change):
    Path("configs").rename("elsewhere")
    assert [line.split(": ")[1] for line in find_problems()] == [
        "generate_data.endpoint", "evaluate.judge.endpoint", "model.profile", "evaluate.set",
        "evaluate.generate.decoding", "hardware",
        "data.sources", "data.texts.sources",
    ]  # fmt: skip
    Path("params.yaml").unlink()
    (line,) = find_problems()
    assert line.startswith("params.yaml: no such file")
