from pathlib import Path

import pytest
from ruamel.yaml import YAML

from belle.compare.yaml12 import read_yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2e-4", 2e-4),
        ("1E5", 1e5),
        ("-.5e+3", -500.0),
        ("2.5e-3", 2.5e-3),
        ("12", 12),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("", None),
        ("null", None),
        ("12e4a", "12e4a"),
        ("truest", "truest"),
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0x1F", 31),
        ("-.inf", float("-inf")),
        ("~", None),
        ("+7", 7),
        ("1.", 1.0),
    ],
)
def test_values_as_in_yaml_1_2(text, value):
    found = read_yaml(f"key: {text}\n".encode())["key"]
    assert found == value
    assert type(found) is type(value)


def test_an_empty_file_is_an_empty_mapping():
    assert read_yaml(b"") == {}


def test_params_are_what_dvc_reads():
    path = ROOT / "params.yaml"
    assert read_yaml(path.read_bytes()) == YAML(typ="safe", pure=True).load(path)
