from pathlib import Path

import pytest

from belle.errors import UserError
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.evaluate.backends.load import load_quantized
from belle.quantize.gguf.quantize import quantize_gguf


def test_gguf_schemes_run_on_llama_cpp(tiny_model, tmp_path):
    checkpoint = tiny_model("llama")
    quantize_gguf(checkpoint, "f16", tmp_path)
    model = load_quantized("gguf-f16", tmp_path, batch_size=4, context_length=32)
    assert isinstance(model, LlamaCppModel)
    assert model.context_length == 32


def test_gptq_schemes_run_on_gptqmodel(monkeypatch):
    calls = []
    monkeypatch.setattr("belle.evaluate.backends.gptq.load_gptq", lambda *arguments: calls.append(arguments))
    load_quantized("gptq-int4", Path("models/quantized/gptq-int4"), batch_size=4, context_length=32)
    assert calls == [(Path("models/quantized/gptq-int4"), 4)]


def test_a_scheme_without_a_backend_is_refused():
    with pytest.raises(UserError, match=r"^awq-int4: "):
        load_quantized("awq-int4", Path("models/quantized/awq-int4"), 4, 32)
