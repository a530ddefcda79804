from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from belle.config.quantize import CalibrationParams, GptqParams, QuantizeParams, Scheme
from belle.data.packed_dataset import PackedDatasetWriter
from belle.errors import UserError
from belle.quantize.quantizers import QUANTIZERS, calibration_samples, quantize

GPTQ = GptqParams(group_size=32, act_order=False)
PARAMS = QuantizeParams(schemes=[], gptq=GPTQ, calibration=CalibrationParams(samples=2))


def test_every_scheme_has_a_quantizer():
    assert {scheme.partition("-")[0] for scheme in get_args(Scheme)} == QUANTIZERS.keys()


@pytest.mark.parametrize(("scheme", "kind"), [("gguf-f16", "f16"), ("gguf-q4_k_m", "q4_k_m")])
def test_gguf_is_given_the_checkpoint_and_the_type(monkeypatch, scheme, kind):
    calls = []
    monkeypatch.setattr("belle.quantize.gguf.quantize.quantize_gguf", lambda *arguments: calls.append(arguments))
    quantize(scheme, Path("models/base"), Path("unused"), PARAMS, Path("out"))
    assert calls == [(Path("models/base"), kind, Path("out"))]


@pytest.mark.parametrize(("scheme", "bits"), [("gptq-int4", 4), ("gptq-int8", 8)])
def test_gptq_is_given_the_bits_and_the_calibration_samples(monkeypatch, tmp_path, scheme, bits):
    calls = []
    monkeypatch.setattr("belle.quantize.gptq.quantize_gptq", lambda *arguments: calls.append(arguments))
    with PackedDatasetWriter(tmp_path, 16, seed=1) as writer:
        for number in range(3):
            writer.add(np.full(5, number, np.int32), np.ones(5, bool), number)
    quantize(scheme, Path("models/base"), tmp_path, PARAMS, Path("out"))
    ((checkpoint, found, params, samples, out),) = calls
    assert (checkpoint, found, params, out) == (Path("models/base"), bits, GPTQ, Path("out"))
    assert [len(sample) for sample in samples] == [5, 5]


def write_tokens(folder, lengths):
    """Conversations whose tokens are all their own number."""
    folder.mkdir()
    with PackedDatasetWriter(folder, 16, seed=1) as writer:
        for number, length in enumerate(lengths):
            writer.add(np.full(length, number, np.int32), np.ones(length, bool), number)
    return folder


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (3, 3), (7, 7), (10, 10), (50, 10)])
def test_samples_are_whole_conversations_and_distinct(tmp_path, count, expected):
    lengths = [3, 9, 4, 16, 1, 5, 8, 2, 7, 6]
    folder = write_tokens(tmp_path / "train", lengths)
    samples = calibration_samples(folder, count)
    assert len(samples) == expected
    assert all(len(set(sample)) == 1 and len(sample) == lengths[sample[0]] for sample in samples)
    assert len({sample[0] for sample in samples}) == expected
    assert all(type(token) is int for sample in samples for token in sample)
    assert samples == calibration_samples(folder, count)


def test_samples_are_spread_evenly_over_the_stored_conversations(tmp_path):
    folder = write_tokens(tmp_path / "train", [4] * 12)
    stored = np.load(folder / "ids.npy")[::4].tolist()
    assert [sample[0] for sample in calibration_samples(folder, 4)] == stored[::3]


def test_no_conversations_are_an_error(tmp_path):
    with pytest.raises(UserError, match=f"^{tmp_path / 'train'}: "):
        calibration_samples(write_tokens(tmp_path / "train", []), 4)
