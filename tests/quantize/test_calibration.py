import numpy as np
import pytest

from belle.data.packed_dataset import PackedDatasetWriter
from belle.errors import UserError
from belle.quantize.calibration import calibration_samples


def write_tokens(folder, lengths):
    """Segments whose tokens are all their own number."""
    folder.mkdir()
    with PackedDatasetWriter(folder, 16, seed=1) as writer:
        for number, length in enumerate(lengths):
            writer.add(np.full(length, number, np.int32), np.ones(length, bool))
    return folder


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (3, 3), (7, 7), (10, 10), (50, 10)])
def test_whole_conversations_spread_over_the_data(tmp_path, count, expected):
    lengths = [3, 9, 4, 16, 1, 5, 8, 2, 7, 6]
    folder = write_tokens(tmp_path / "train", lengths)
    rows = calibration_samples(folder, count)
    assert len(rows) == expected
    assert all(len(set(row)) == 1 and len(row) == lengths[row[0]] for row in rows)
    assert len({row[0] for row in rows}) == expected
    assert all(type(token) is int for row in rows for token in row)
    assert rows == calibration_samples(folder, count)


def test_spread_evenly_in_stored_order(tmp_path):
    folder = write_tokens(tmp_path / "train", [4] * 12)
    stored = np.load(folder / "ids.npy")[::4].tolist()
    assert [row[0] for row in calibration_samples(folder, 4)] == stored[::3]


def test_no_conversations(tmp_path):
    with pytest.raises(UserError, match="no training conversations"):
        calibration_samples(write_tokens(tmp_path / "train", []), 4)
