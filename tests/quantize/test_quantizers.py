from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from belle.config.quantize import CalibrationParams, GptqParams, QuantizeParams, Scheme
from belle.data.packed_dataset import PackedDatasetWriter
from belle.quantize.quantizers import QUANTIZERS, quantize

GPTQ = GptqParams(group_size=32, act_order=False)
PARAMS = QuantizeParams(schemes=[], gptq=GPTQ, calibration=CalibrationParams(samples=2, tokens=None))


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
            writer.add(np.full(12, number, np.int32), np.ones(12, bool), number)
    quantize(scheme, Path("models/base"), tmp_path, PARAMS, Path("out"))
    ((checkpoint, found, params, samples, out),) = calls
    assert (checkpoint, found, params, out) == (Path("models/base"), bits, GPTQ, Path("out"))
    assert [len(sample) for sample in samples] == [12, 12]
