from pathlib import Path

import pytest

from belle.config.reference import Knob, knobs, write_params_comments, write_reference
from belle.config.schema import KINDS

ROOT = Path(__file__).resolve().parents[2]


def knob(path: str) -> Knob:
    (found,) = (one for one in knobs(KINDS["params"]) if one.path == path)
    return found


def test_the_committed_reference_is_current(tmp_path):
    write_reference(tmp_path / "params.md")
    assert (tmp_path / "params.md").read_bytes() == (ROOT / "docs/params.md").read_bytes(), "run: make generate"


def test_the_comments_of_params_yaml_are_current(change):
    before = Path("params.yaml").read_bytes()
    write_params_comments(Path("params.yaml"))
    assert Path("params.yaml").read_bytes() == before, "run: make generate"


def test_comments_are_replaced_and_everything_else_is_kept(change):
    text = Path("params.yaml").read_text(encoding="utf-8")
    header, _, body = text.partition("\n\n")
    lines = [line for line in body.splitlines() if not line.lstrip().startswith("#")]
    Path("params.yaml").write_text("\n".join([header, "", "# an old comment", *lines]) + "\n", encoding="utf-8")
    write_params_comments(Path("params.yaml"))
    assert Path("params.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("train.ft.epochs", "whole number from 1"),
        ("train.ft.learning_rate", "number above 0, at most 1"),
        ("train.lora.dropout", "number from 0, below 1"),
        ("train.method", "ft or lora"),
        ("data.limit", "whole number from 1, or null"),
        ("data.sources", "list of text"),
        ("decrypt.enabled", "true or false"),
        ("model.profile", "text"),
    ],
)
def test_ranges_are_told_in_words(path, allowed):
    assert knob(path).allowed == allowed


def test_a_source_of_each_kind_has_its_own_keys():
    paths = {one.path for one in knobs(KINDS["data"])}
    assert {"source[hub].repo", "source[path].path", "source[url].files[].sha256", "format"} <= paths
