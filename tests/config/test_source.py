import pytest

from belle.config.check import find_problems

DATA = "configs/data/mini-general.yaml"
HUB = {"kind": "hub", "repo": "someone/rows", "revision": "0" * 40, "files": ["*.json"]}
SPLIT = {"kind": "dataset", "repo": "someone/rows", "revision": "0" * 40, "split": "train"}
FILE = {"url": "https://example.org/a.json", "sha256": "0" * 64, "name": "a.json"}


@pytest.mark.parametrize("source", [HUB, {"kind": "url", "files": [FILE]}, SPLIT, SPLIT | {"config": "zh"}])
def test_each_kind_of_source_is_accepted(change, source):
    change(DATA, {"source": source})
    assert find_problems() == []


@pytest.mark.parametrize(
    ("source", "key"),
    [
        (HUB | {"revision": "main"}, "revision"),
        (HUB | {"revision": "0" * 39}, "revision"),
        (HUB | {"repo": "rows"}, "repo"),
        (HUB | {"files": []}, "files"),
        (SPLIT | {"revision": "main"}, "revision"),
        (SPLIT | {"files": ["*.json"]}, "files"),
        ({"kind": "url", "files": [FILE | {"sha256": "0" * 63}]}, "files[0].sha256"),
        ({"kind": "url", "files": [FILE | {"url": "ftp://example.org/a.json"}]}, "files[0].url"),
        ({"kind": "url", "files": [FILE, FILE | {"name": "../a.json"}]}, "files[1].name"),
        ({"kind": "url", "files": [FILE, FILE | {"name": ".."}]}, "files[1].name"),
        ({"kind": "url", "files": [FILE, FILE | {"name": "a" * 201}]}, "files[1].name"),
    ],
)
def test_what_is_no_commit_checksum_address_or_name_is_refused(change, source, key):
    change(DATA, {"source": source})
    (line,) = find_problems()
    assert line.startswith(f"{DATA}: source.{key}: ")


def test_two_files_do_not_share_a_name(change):
    change(DATA, {"source": {"kind": "url", "files": [FILE, FILE]}})
    (line,) = find_problems()
    assert line.startswith(f"{DATA}: source") and "a.json" in line


def test_only_data_come_from_a_split(change):
    for file in ("configs/model/mini.yaml", "configs/eval/mini.yaml"):
        change(file, {"source": SPLIT})
    assert all("source.kind" in line and "dataset" in line for line in find_problems())
    assert len(find_problems()) == 2
