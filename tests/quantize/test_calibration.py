from pathlib import Path

import numpy as np
import pytest

from belle.config.quantize import CalibrationParams
from belle.data.packed_dataset import PackedDatasetWriter
from belle.errors import UserError
from belle.quantize.calibration import TOO_SHORT, calibration_samples


def write_tokens(folder: Path, lengths: list[int]) -> Path:
    """Conversations whose tokens are all their own number."""
    folder.mkdir()
    with PackedDatasetWriter(folder, 32, seed=1) as writer:
        for number, length in enumerate(lengths):
            writer.add(np.full(length, number, np.int32), np.ones(length, bool), number)
    return folder


def samples_of(folder: Path, samples: int, tokens: int | None = None) -> list[list[int]]:
    return calibration_samples(folder, CalibrationParams(samples=samples, tokens=tokens))


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (3, 3), (7, 7), (10, 10), (50, 10)])
def test_samples_are_whole_conversations_and_distinct(tmp_path, count, expected):
    lengths = [13, 19, 14, 26, 11, 15, 18, 12, 17, 16]
    folder = write_tokens(tmp_path / "train", lengths)
    samples = samples_of(folder, count)
    assert len(samples) == expected
    assert all(len(set(sample)) == 1 and len(sample) == lengths[sample[0]] for sample in samples)
    assert len({sample[0] for sample in samples}) == expected
    assert all(type(token) is int for sample in samples for token in sample)
    assert samples == samples_of(folder, count)


def test_samples_are_spread_evenly_over_the_stored_conversations(tmp_path):
    folder = write_tokens(tmp_path / "train", [12] * 12)
    stored = np.load(folder / "ids.npy")[::12].tolist()
    assert [sample[0] for sample in samples_of(folder, 4)] == stored[::3]


@pytest.mark.parametrize(("tokens", "expected"), [(None, 2), (20, 2), (24, 2), (25, 3), (100, 9), (144, 12)])
def test_more_conversations_are_taken_until_they_have_the_tokens(tmp_path, capsys, tokens, expected):
    folder = write_tokens(tmp_path / "train", [12] * 12)
    samples = samples_of(folder, 2, tokens)
    assert len(samples) == len({sample[0] for sample in samples}) == expected
    assert capsys.readouterr().err == ""


def test_tokens_are_counted_where_lengths_differ(tmp_path):
    folder = write_tokens(tmp_path / "train", [11, 32] * 10)
    assert sum(map(len, samples_of(folder, 1, 200))) >= 200


def test_fewer_tokens_than_wanted_are_all_taken_and_said(tmp_path, capsys):
    folder = write_tokens(tmp_path / "train", [12] * 12)
    assert len(samples_of(folder, 2, 145)) == 12
    assert capsys.readouterr().err.startswith(f"note: {folder}: 144 tokens ")


def test_conversations_that_gptqmodel_would_leave_out_are_not_chosen(tmp_path):
    folder = write_tokens(tmp_path / "train", [TOO_SHORT, TOO_SHORT + 1] * 4)
    assert [len(sample) for sample in samples_of(folder, 6)] == [TOO_SHORT + 1] * 4


@pytest.mark.parametrize("lengths", [[], [TOO_SHORT] * 5])
def test_no_conversation_that_is_long_enough_is_an_error_that_says_what_to_do(tmp_path, lengths):
    with pytest.raises(UserError, match=f"^{tmp_path / 'train'}: none of its {len(lengths)} .*data.sources"):
        samples_of(write_tokens(tmp_path / "train", lengths), 4)
