from pathlib import Path

import pytest

from belle.config.base import load_params, load_profile, parse, read_value, read_yaml
from belle.config.experiment import Experiment
from belle.config.hardware import HardwareProfile
from belle.config.quantize import GptqParams
from belle.config.schema import KINDS
from belle.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
PROFILES = sorted(path.relative_to(ROOT) for path in (ROOT / "configs").glob("*/*.yaml"))

NO_YAML = [
    ("a: b: c\n", "line 1, column 5: mapping values are not allowed here"),
    ("a: [1\n", "line 2, column 1: expected ',' or ']', but got '<stream end>'"),
    ("a: 1\n\tb: 2\n", "line 2, column 1: found character '\\t' that cannot start any token"),
    ("a:\n  - 1\nb: 1\na: {c: d}\n", 'line 4, column 1: found duplicate key "a"'),
    ("a:\n  b: 1\n  b: 2\n", 'line 3, column 3: found duplicate key "b"'),
    ("a: *x\n", "line 1, column 4: found undefined alias 'x'"),
    ("a: !!python/object:os.system 1\n", "line 1, column 4: could not determine a constructor for the tag"),
    ("a: 2023-13-45\n", "ValueError: month must be in 1..12"),
    ("a: !!bool x\n", "KeyError: 'x'"),
    ("a: \0\n", "ReaderError: unacceptable character"),
    ("[" * 1000, "RecursionError: maximum recursion depth exceeded"),
]
NO_KEYS = [
    ("", "the file is empty; expected keys with values"),
    ("# only a comment\n", "the file is empty; expected keys with values"),
    ("- a\n", "expected keys with values at the top, found a list"),
    ("text\n", 'expected keys with values at the top, found "text"'),
]


@pytest.mark.parametrize(("text", "problem"), [*((t, f"not valid YAML: {p}") for t, p in NO_YAML), *NO_KEYS])
def test_bad_files_end_in_one_line(tmp_path, text, problem):
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        read_yaml(path)
    assert str(error.value).startswith(f"{path}: {problem}")
    assert "\n" not in str(error.value)


def test_unreadable_files(tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe")
    for name, problem in (("binary.yaml", "not UTF-8 text: "), ("", "cannot be read: Is a directory")):
        with pytest.raises(UserError, match=problem):
            read_yaml(tmp_path / name)


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
    ("key", "kind", "problem"),
    [
        ("train.init_from", int, 'train.init_from: expected a whole number, found "pretrained"'),
        ("extend_vocab.enabled", int, "extend_vocab.enabled: expected a whole number, found false"),
        ("train.fromm", str, "train.fromm: this key is missing"),
        ("seed.x", str, "seed.x: this key is missing"),
    ],
)
def test_wrong_single_values(change, key, kind, problem):
    with pytest.raises(UserError) as error:
        read_value(key, kind)
    assert str(error.value) == f"params.yaml: {problem}"


def test_problems_of_a_section_carry_its_path(change):
    change("params.yaml", {"quantize.gptq": {"group_sise": 32, "act_order": 0}})
    with pytest.raises(UserError) as error:
        load_params(GptqParams, "quantize.gptq")
    assert [line.split(": ")[1] for line in str(error.value).splitlines()] == [
        "quantize.gptq.group_size",
        "quantize.gptq.act_order",
        "quantize.gptq.group_sise",
    ]
    assert "did you mean group_size?" in str(error.value)


def test_a_missing_profile_names_the_nearest(change):
    with pytest.raises(UserError, match=r"^configs/hardware/cpuu\.yaml: no such file; did you mean cpu\?$"):
        load_profile(HardwareProfile, "hardware", "cpuu")
    with pytest.raises(UserError, match="no such file; there are: 1gpu, 8gpu-zero2, 8gpu-zero3, 8gpu-zero3-offload, c"):
        load_profile(HardwareProfile, "hardware", "zzzz")


def test_outside_of_the_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("param.yaml").touch()
    with pytest.raises(UserError, match=r"^params.yaml: no such file; run this at the root of the repository$"):
        load_params(Experiment)


def test_every_knob_stands_in_params_yaml():
    kinds = [Experiment]
    while kinds:
        fields = kinds.pop().model_fields.values()
        assert all(field.is_required() for field in fields)
        kinds += [field.annotation for field in fields if hasattr(field.annotation, "model_fields")]


@pytest.mark.parametrize("path", PROFILES, ids=str)
def test_shipped_profiles_are_valid(path):
    parse(KINDS[path.parent.name], read_yaml(ROOT / path), path)


def test_there_are_profiles_of_each_kind():
    assert {path.parent.name for path in PROFILES} == {"model", "data", "eval", "hardware"}
