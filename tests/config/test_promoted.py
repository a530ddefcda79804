from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from belle.config.check import find_problems
from belle.config.promoted import promoted_names

NANO = {"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "max_position_embeddings": 1024}
META = {
    "revision": "0" * 40, "experiment": "ft", "checkpoint": "trained", "md5": "1.dir", "hashes": {}, "config": NANO,
    "metrics": {}, "params": {"model": {"profile": "nano"}},
}  # fmt: skip


@pytest.fixture
def start_from(change):
    """Start from `promoted/math` on the nano profile; return a function that writes its `.dvc` file."""
    change("params.yaml", {"model.profile": "nano", "train.init_from": "promoted/math"})

    def write(meta: dict[str, Any] | None, name: str = "math", md5: str = "1.dir") -> None:
        path = Path("models/promoted") / f"{name}.dvc"
        path.parent.mkdir(parents=True, exist_ok=True)
        YAML().dump({"outs": [{"md5": md5, "path": name}]} | ({"meta": meta} if meta else {}), path)

    return write


def problem() -> str:
    (line,) = find_problems()
    assert line.startswith("params.yaml: train.init_from: ")
    return line


def test_a_promoted_model_needs_not_be_pulled(start_from):
    start_from(META)
    assert find_problems() == []
    assert promoted_names() == ["math"]


def test_one_that_was_put_there_by_hand_is_not_compared(start_from):
    start_from(None)
    assert find_problems() == []


def test_a_missing_one_is_named_with_the_nearest_name_or_what_makes_it(start_from):
    assert "there is no models/promoted/math.dvc; make it: belle promote EXPERIMENT math" in problem()
    start_from(META, "maths")
    assert "there is no models/promoted/math.dvc; did you mean maths?" in problem()


def test_one_that_was_changed_afterwards_is_refused(start_from):
    start_from(META, md5="2.dir")
    assert "models/promoted/math has changed since it was promoted; get it back (git checkout" in problem()


def test_another_model_than_the_profile_describes_is_refused(start_from, change):
    start_from(META | {"config": NANO | {"hidden_size": 96, "intermediate_size": 256}})
    line = problem()
    assert (
        "another model than the profile nano describes (hidden_size 96 for 64, intermediate_size 256 for 128)" in line
    )
    assert line.endswith("set model.profile to the one it was trained from, nano")


def test_what_its_configuration_does_not_say_is_not_compared(start_from):
    start_from(META | {"config": {"model_type": "llama"}})
    assert find_problems() == []


def test_broken_provenance_is_named(start_from):
    start_from(META | {"revision": 7})
    assert "models/promoted/math.dvc: meta.revision: expected a valid string, found 7" in problem()


@pytest.mark.parametrize("name", ["..", ".", ".hidden", "-x", "a/b", ""])
def test_a_name_that_is_a_path_or_an_option_is_refused(change, name):
    change("params.yaml", {"train.init_from": f"promoted/{name}"})
    assert "train.init_from: expected text that matches" in "\n".join(find_problems())
