from pathlib import Path

import numpy as np
import pytest

from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter
from belle.errors import UserError
from factories import contents


def random_segments(count: int = 50) -> list[tuple[np.ndarray, np.ndarray]]:
    random = np.random.default_rng(0)
    lengths = random.integers(1, 33, count)
    return [(random.integers(0, 1 << 20, n).astype(np.int32), random.random(n) < 0.5) for n in lengths]


def write(folder: Path, segments: list[tuple[np.ndarray, np.ndarray]], seed: int = 1) -> PackedDataset:
    folder.mkdir(exist_ok=True)
    with PackedDatasetWriter(folder, 32, seed) as writer:
        for row, (ids, loss_mask) in enumerate(segments):
            writer.add(ids, loss_mask, row)
    return PackedDataset(folder)


def key(ids: np.ndarray, loss_mask: np.ndarray) -> tuple:
    return tuple(ids.tolist()), tuple(loss_mask.tolist())


def test_every_segment_comes_back_whole_and_once(tmp_path):
    segments = random_segments()
    packed = write(tmp_path, segments)
    found, rows = [], []
    for sequence in (packed[index] for index in range(len(packed))):
        assert len(sequence.ids) == len(sequence.loss_mask) == sequence.lengths.sum() <= 32
        cuts = np.cumsum(sequence.lengths)[:-1]
        found += map(key, np.split(sequence.ids, cuts), np.split(sequence.loss_mask, cuts))
        rows += sequence.rows.tolist()
    assert found == [key(*segments[row]) for row in rows]
    assert sorted(rows) == list(range(len(segments)))
    assert (packed.ids.dtype, packed.loss_mask.dtype) == (np.int32, np.bool_)


def test_bytes_depend_on_segments_and_seed_alone(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write(tmp_path / name, random_segments(), seed)
    one, same, other_seed = (contents(tmp_path / name) for name in ("a", "b", "c"))
    assert one == same != other_seed
    assert sorted(one) == ["ids.npy", "loss_mask.npy", "rows.npy", "segments.npy", "sequences.npy"]


def test_no_segments_make_no_sequences(tmp_path):
    packed = write(tmp_path, [])
    assert (len(packed), len(packed.ids), len(packed.loss_mask)) == (0, 0, 0)


def test_tokens_are_mapped_into_memory_and_read_only(tmp_path):
    packed = write(tmp_path, random_segments())
    assert isinstance(packed.ids, np.memmap)
    assert not packed.ids.flags.writeable
    # a sequence is a copy: changing it leaves the file alone
    sequence = packed[0]
    before = sequence.ids.tolist()
    sequence.ids[:] = 7
    assert packed[0].ids.tolist() == before


def test_a_failure_writes_no_arrays(tmp_path):
    with pytest.raises(RuntimeError, match="stop"), PackedDatasetWriter(tmp_path, 32, 1) as writer:
        writer.add(*random_segments(1)[0], 0)
        raise RuntimeError("stop")
    assert list(tmp_path.iterdir()) == []


def test_the_arrays_are_as_numpy_writes_them(tmp_path):
    packed = write(tmp_path, random_segments())
    for name, array in (("ids", packed.ids), ("loss_mask", packed.loss_mask)):
        np.save(tmp_path / "again.npy", array)
        assert (tmp_path / "again.npy").read_bytes() == (tmp_path / f"{name}.npy").read_bytes()


@pytest.mark.parametrize("kept", [None, 0, 100, -8])
@pytest.mark.parametrize("name", ["ids", "loss_mask", "segments", "sequences"])
def test_missing_and_truncated_files_are_named(tmp_path, name, kept):
    write(tmp_path, random_segments())
    path = tmp_path / f"{name}.npy"
    content = path.read_bytes()
    path.unlink()
    if kept is not None:
        path.write_bytes(content[:kept])
    with pytest.raises(UserError, match=rf"{name}\.npy: .*dvc repro tokenize"):
        PackedDataset(tmp_path)
