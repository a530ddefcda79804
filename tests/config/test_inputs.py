"""Files below inputs/ and the `.dvc` files that track them."""

from pathlib import Path

import pytest

from belle.config.check import find_problems
from belle.config.inputs import tracked_hash
from belle.errors import UserError

TRACKED = "outs:\n- md5: {}\n  size: 8\n  hash: md5\n  path: {}\n"
PROFILES = {
    "configs/model/mini.yaml": "model.profile",
    "configs/eval/mini.yaml": "evaluate.set",
    "configs/data/mini-general.yaml": "data.sources",
}


def track(path: str, md5: str = "a" * 32) -> None:
    """Write what `dvc add` leaves beside a file."""
    Path(f"{path}.dvc").parent.mkdir(parents=True, exist_ok=True)
    Path(f"{path}.dvc").write_text(TRACKED.format(md5, Path(path).name))


@pytest.mark.parametrize("path", ["inputs/mine.jsonl", "inputs/folder/mine.jsonl", "inputs/deep/folder/mine.jsonl"])
def test_a_file_is_known_by_the_hash_of_what_dvc_tracks(change, path):
    track({"inputs/mine.jsonl": path}.get(path, str(Path(path).parent)), "b" * 32)
    assert tracked_hash(path) == "b" * 32


@pytest.mark.parametrize("path", ["inputs/mine.jsonl", "mine.jsonl", "/data/mine.jsonl", "inputs/../mine.jsonl"])
@pytest.mark.parametrize(("profile", "key"), PROFILES.items())
def test_a_source_whose_changes_dvc_does_not_see_is_refused(change, profile, key, path):
    Path("inputs").mkdir()
    Path("inputs/mine.jsonl").touch()
    Path("inputs.dvc").write_text(TRACKED.format("a" * 32, "inputs"))
    change(profile, {"source": {"kind": "path", "path": path}})
    (line,) = find_problems()
    assert line.startswith(f"params.yaml: {key}: {profile}: source.path: {path} is not ")
    assert ("dvc add" in line) == (path == "inputs/mine.jsonl")


def test_a_mistyped_path_is_no_file_and_the_tracked_ones_are_near(change):
    track("inputs/mine.jsonl")
    change("configs/data/mini-general.yaml", {"source": {"kind": "path", "path": "inputs/mien.jsonl"}})
    (line,) = find_problems()
    assert line.endswith("inputs/mien.jsonl: no such file or folder; did you mean inputs/mine.jsonl?")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_source_that_dvc_tracks_is_accepted(change, profile):
    track("inputs/mine.jsonl")
    change(profile, {"source": {"kind": "path", "path": "inputs/mine.jsonl"}})
    assert find_problems() == []


@pytest.mark.parametrize("text", ["outs: []\n", "outs:\n- path: mine.jsonl\n", "outs: 3\n"])
def test_a_broken_dvc_file_is_named(change, text):
    track("inputs/mine.jsonl")
    Path("inputs/mine.jsonl.dvc").write_text(text)
    with pytest.raises(UserError, match=r"^inputs/mine\.jsonl\.dvc: .*dvc add inputs/mine\.jsonl$"):
        tracked_hash("inputs/mine.jsonl")
