"""The library `datasets` against a local server that speaks enough of the hub's API."""

import errno
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import close_session

from belle.config.source import HubDataset
from belle.errors import UserError
from belle.sources.hub_dataset import configs_of, open_split, splits_of
from http_server import use_hub_for_datasets

REPO = "someone/rows"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CARD = b"""---
configs:
- config_name: zh
  data_files: [{split: train, path: zh/train-*}, {split: test, path: zh/test-*}]
- config_name: en
  data_files: en.parquet
---
"""


def parquet(*texts: str) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), stream)
    return stream.getvalue()


FILES = {
    "README.md": CARD,
    "zh/train-0.parquet": parquet("a", "b"),
    "zh/train-1.parquet": parquet("c"),
    "zh/test-0.parquet": parquet("t"),
    "en.parquet": parquet("e"),
}


@pytest.fixture(autouse=True)
def hub(server, monkeypatch, tmp_path):
    """The server as the hub, without a token."""
    server.add_repo("datasets", REPO, FILES, COMMIT, "")
    use_hub_for_datasets(server.address, monkeypatch, tmp_path / "hub")
    yield server
    close_session()


def rows(folder, **keys) -> list[str]:
    source = {"kind": "dataset", "repo": REPO, "revision": COMMIT, "config": "zh", "split": "train"}
    commit, found = open_split(HubDataset.model_validate(source | keys), folder / "cache")
    assert commit == COMMIT
    return [row["text"] for row in found]


def fetched(hub) -> list[str]:
    return [path.rpartition("/")[2] for method, path, _ in hub.requests if method == "GET" and ".parquet" in path]


@pytest.mark.parametrize("streaming", [True, False])
def test_the_rows_of_a_split_come_in_order(tmp_path, streaming):
    assert rows(tmp_path, streaming=streaming) == ["a", "b", "c"]
    assert rows(tmp_path, streaming=streaming, split="test") == ["t"]
    assert rows(tmp_path, streaming=streaming, config="en") == ["e"]


def test_a_streamed_split_is_read_as_far_as_its_rows_are_wanted(tmp_path, hub):
    source = HubDataset(kind="dataset", repo=REPO, revision=COMMIT, config="zh", split="train", streaming=True)
    _, found = open_split(source, tmp_path / "cache")
    assert next(found) == {"text": "a"}
    assert set(fetched(hub)) == {"train-0.parquet"}


def test_a_split_is_downloaded_once(tmp_path, hub):
    rows(tmp_path)
    hub.requests.clear()
    assert rows(tmp_path) == ["a", "b", "c"]
    assert fetched(hub) == []


def test_without_a_revision_the_newest_commit_is_taken_and_named(tmp_path, capsys):
    assert rows(tmp_path, revision=None) == ["a", "b", "c"]
    assert COMMIT in capsys.readouterr().err


def test_configurations_and_splits_are_listed():
    assert configs_of(REPO, COMMIT) == ["zh", "en"]
    assert splits_of(REPO, COMMIT, "zh") == ["train", "test"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"config": "absent"}, [f"{REPO}, config absent, split train: ", "zh", "en"]),
        ({"config": None}, ["zh", "en"]),
        ({"split": "absent"}, ["split absent", "train", "test"]),
        ({"split": "absent", "streaming": True}, ["split absent", "train", "test"]),
        ({"repo": "someone/absent", "revision": None}, ["someone/absent: no such repository"]),
        ({"revision": "f" * 40}, ["no such revision"]),
    ],
)
def test_what_the_hub_does_not_hold_is_named(tmp_path, keys, words):
    with pytest.raises(UserError) as error:
        rows(tmp_path, **keys)
    assert [word for word in words if word not in str(error.value)] == []
    assert "\n" not in str(error.value)


def test_a_loading_script_is_not_run(tmp_path, hub):
    hub.add_repo("datasets", REPO, {"rows.py": b"raise SystemExit"}, COMMIT, "")
    with pytest.raises(UserError, match=r"scripts.*rows\.py") as error:
        rows(tmp_path)
    assert "\n" not in str(error.value)


def test_a_full_disk_is_no_mistake_of_the_source(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr("datasets.arrow_writer.ArrowWriter.write_table", fail)
    with pytest.raises(OSError, match="no space left"):
        rows(tmp_path)


@pytest.mark.parametrize("streaming", [True, False])
def test_a_broken_file_is_named(tmp_path, hub, streaming):
    hub.files[f"/datasets/{REPO}/resolve/{COMMIT}/zh/train-1.parquet"] = b"PAR1 and nothing more"
    with pytest.raises(UserError, match=rf"^{REPO}, config zh, split train: ") as error:
        rows(tmp_path, streaming=streaming)
    assert "\n" not in str(error.value)
