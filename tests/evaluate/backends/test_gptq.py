import shutil

import pytest

from belle.errors import UserError
from belle.evaluate.backends.gptq import load_gptq
from belle.tokenizer.load import load_tokenizer

from ...quantize.gptq_process import job, quantize
from ..asking import HOT, decoding, generated

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tokenizer(tiny_model):
    return load_tokenizer(tiny_model("llama"))


@pytest.fixture(scope="module")
def quantized(tiny_model, tmp_path_factory):
    """The directory of a quantized model."""
    directory = tmp_path_factory.mktemp("gptq") / "int8"
    quantize(tiny_model("llama"), job(directory, 8))
    return directory


def test_a_quantized_model_answers_in_batches_and_alone_alike(quantized, tokenizer):
    prompts = [[5, 6, 7], [8, 9], [10, 11, 12, 13]]
    for how in (decoding(6), decoding(6, **HOT)):
        alone, together = (generated(load_gptq(quantized, size), prompts, how) for size in (1, 3))
        assert alone == together
        assert all(len(answer.ids) <= 6 for answer in alone)


@pytest.mark.parametrize("kept", [None, 1000, -8])
def test_missing_and_truncated_weights_are_named(quantized, tokenizer, tmp_path, kept):
    directory = shutil.copytree(quantized, tmp_path / "int8")
    path = directory / "model.safetensors"
    content = path.read_bytes()
    path.unlink()
    if kept is not None:
        path.write_bytes(content[:kept])
    with pytest.raises(UserError, match=f"^{directory}: "):
        load_gptq(directory, 1)
