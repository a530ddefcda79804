from pathlib import Path

import pytest

from belle.config.base import load_params, load_profile, read_value, read_yaml
from belle.config.experiment import Experiment
from belle.config.hardware import HardwareProfile
from belle.config.quantize import GptqParams
from belle.errors import UserError

# text of a file, and what the error says: the place, or the exception of a value that YAML cannot build
NOT_YAML = [
    ("a: b: c\n", "line 1, column 5"),
    ("a: [1\n", "line 2, column 1"),
    ("a: 1\n\tb: 2\n", "line 2, column 1"),
    ("a:\n  - 1\nb: 1\na: {c: d}\n", "line 4, column 1"),
    ("a:\n  b: 1\n  b: 2\n", "line 3, column 3"),
    ("a: *x\n", "line 1, column 4"),
    ("a: !!python/object:os.system 1\n", "line 1, column 4"),
    ("a: 2023-13-45\n", "month"),
    ("a: !!bool x\n", "KeyError"),
    ("a: \0\n", "ReaderError"),
    ("[" * 1000, "RecursionError"),
]
NOT_A_MAPPING = [("", "empty"), ("# only a comment\n", "empty"), ("- a\n", "found a list"), ("text\n", 'found "text"')]


def error_of_file(path: Path) -> str:
    """The error of reading a file: one line that begins with its path."""
    with pytest.raises(UserError) as error:
        read_yaml(path)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
    return str(error.value)


@pytest.mark.parametrize(("text", "problem"), NOT_YAML)
def test_broken_yaml_is_refused_with_its_place(tmp_path, text, problem):
    (tmp_path / "a.yaml").write_text(text)
    error = error_of_file(tmp_path / "a.yaml")
    assert "not valid YAML" in error
    assert problem in error


def test_a_key_given_twice_is_named_without_its_values(tmp_path):
    (tmp_path / "a.yaml").write_text("seed: 1\nseed: 2\n")
    error = error_of_file(tmp_path / "a.yaml")
    assert 'duplicate key "seed"' in error
    assert "with value" not in error


@pytest.mark.parametrize(("text", "problem"), NOT_A_MAPPING)
def test_a_file_must_hold_keys(tmp_path, text, problem):
    (tmp_path / "a.yaml").write_text(text)
    assert problem in error_of_file(tmp_path / "a.yaml")


def test_files_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe")
    assert "UTF-8" in error_of_file(tmp_path / "binary.yaml")
    assert "directory" in error_of_file(tmp_path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2e-05", 2e-05), ("2E5", 2e5), ("1", 1), ("1.0", 1.0), ("true", True), ("~", None), ("", None),
        ("yes", "yes"), ("no", "no"), ("1:30", "1:30"), ('"2e-05"', "2e-05"),
    ],
)  # fmt: skip
def test_yaml_is_read_as_version_1_2(tmp_path, text, value):
    (tmp_path / "a.yaml").write_text(f"a: {text}\n")
    found = read_yaml(tmp_path / "a.yaml")["a"]
    assert (found, type(found)) == (value, type(value))


def test_params_are_found_by_section(change):
    change("params.yaml", {"train.ft.epochs": 7})
    assert load_params(Experiment).train.ft.epochs == 7
    assert load_params(GptqParams, "quantize.gptq").group_size == 32
    assert read_value("train.ft.epochs", int) == 7


@pytest.mark.parametrize(
    ("key", "kind", "words"),
    [
        ("train.init_from", int, ["whole number", 'found "pretrained"']),
        ("extend_vocab.enabled", int, ["whole number", "found false"]),
        ("train.fromm", str, ["missing"]),
        ("seed.x", str, ["missing"]),
    ],
)
def test_a_wrong_single_value_is_named_by_its_key(change, key, kind, words):
    with pytest.raises(UserError) as error:
        read_value(key, kind)
    assert str(error.value).startswith(f"params.yaml: {key}: ")
    assert all(word in str(error.value) for word in words)


def test_problems_of_a_section_carry_its_path(change):
    change("params.yaml", {"quantize.gptq": {"group_sise": 32, "act_order": 0}})
    with pytest.raises(UserError) as error:
        load_params(GptqParams, "quantize.gptq")
    assert [line.split(": ")[1] for line in str(error.value).splitlines()] == [
        "quantize.gptq.group_size",
        "quantize.gptq.act_order",
        "quantize.gptq.group_sise",
    ]
    assert "mean group_size?" in str(error.value)


def test_a_missing_profile_suggests_the_nearest_or_names_all(change):
    with pytest.raises(UserError, match=r"^configs/hardware/cpuu\.yaml: no such file; .*mean cpu\?"):
        load_profile(HardwareProfile, "hardware", "cpuu")
    names = "1gpu, 1gpu-24gb, 2nodes, 8gpu-zero2, 8gpu-zero3, 8gpu-zero3-offload, cpu, cpu-2proc"
    with pytest.raises(UserError, match=rf"^configs/hardware/zzzz\.yaml: no such file.*{names}"):
        load_profile(HardwareProfile, "hardware", "zzzz")


def test_params_are_read_at_the_root_of_the_repository_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("param.yaml").touch()
    with pytest.raises(UserError, match=r"^params.yaml: no such file.*root of the repository"):
        load_params(Experiment)
