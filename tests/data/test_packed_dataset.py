from pathlib import Path

import numpy as np
import pytest

from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter
from belle.errors import UserError


def segments(count: int = 50) -> list[tuple[np.ndarray, np.ndarray]]:
    random = np.random.default_rng(0)
    lengths = random.integers(1, 33, count)
    return [(random.integers(0, 1 << 20, n).astype(np.int32), random.random(n) < 0.5) for n in lengths]


def write(folder: Path, items: list[tuple[np.ndarray, np.ndarray]], seed: int = 1) -> PackedDataset:
    folder.mkdir(exist_ok=True)
    with PackedDatasetWriter(folder, 32, seed) as writer:
        for ids, trained in items:
            writer.add(ids, trained)
    return PackedDataset(folder)


def key(ids: np.ndarray, trained: np.ndarray) -> tuple:
    return tuple(ids.tolist()), tuple(trained.tolist())


def test_every_segment_comes_back_whole_and_once(tmp_path: Path) -> None:
    items = segments()
    rows = write(tmp_path, items)
    found = []
    for row in (rows[index] for index in range(len(rows))):
        assert len(row.ids) == len(row.loss_mask) == row.lengths.sum() <= 32
        cuts = np.cumsum(row.lengths)[:-1]
        found += map(key, np.split(row.ids, cuts), np.split(row.loss_mask, cuts))
    assert sorted(found) == sorted(key(*item) for item in items)
    assert (rows.ids.dtype, rows.loss_mask.dtype) == (np.int32, np.bool_)


def test_bytes_depend_on_items_and_seed_alone(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write(tmp_path / name, segments(), seed)
    contents = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b", "c")]
    assert contents[0] == contents[1] != contents[2]
    assert sorted(contents[0]) == ["ids.npy", "loss_mask.npy", "segments.npy", "sequences.npy"]


def test_no_segments_make_no_rows(tmp_path: Path) -> None:
    rows = write(tmp_path, [])
    assert (len(rows), len(rows.ids), len(rows.loss_mask)) == (0, 0, 0)


def test_rows_are_mapped_and_read_only(tmp_path: Path) -> None:
    rows = write(tmp_path, segments())
    assert isinstance(rows.ids, np.memmap)
    assert not rows.ids.flags.writeable
    # what a row gives is a copy: changing it leaves the file alone
    row = rows[0]
    before = row.ids.tolist()
    row.ids[:] = 7
    assert rows[0].ids.tolist() == before


def test_failure_writes_no_arrays(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="stop"), PackedDatasetWriter(tmp_path, 32, 1) as writer:
        writer.add(*segments(1)[0])
        raise RuntimeError("stop")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", [None, 0, 100, -8])
@pytest.mark.parametrize("name", ["ids", "loss_mask", "segments", "sequences"])
def test_missing_and_cut_files_are_named(tmp_path: Path, name: str, kept: int | None) -> None:
    write(tmp_path, segments())
    path = tmp_path / f"{name}.npy"
    content = path.read_bytes()
    path.unlink()
    if kept is not None:
        path.write_bytes(content[:kept])
    with pytest.raises(UserError, match=rf"{name}\.npy: cannot be read: .*; run `dvc repro tokenize`$"):
        PackedDataset(tmp_path)
