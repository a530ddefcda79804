import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from gguf import GGUFReader
from transformers import GPT2Config, GPT2LMHeadModel

from belle.errors import UserError
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.quantize.gguf.writer import write_gguf
from belle.tokenizer.patterns import QWEN2_PATTERN

from .tiny_models import MODELS, byte_level_tokenizer, random_weights

ROOT = Path(__file__).resolve().parents[3]
IDS = list(range(5, 600, 13))


def difference(name: str, dtype: str, folder: Path) -> float:
    """How far llama.cpp's logits are from Hugging Face's, relative to the largest one."""
    model = random_weights(MODELS[name]())
    write_gguf(model, byte_level_tokenizer(QWEN2_PATTERN), folder / "model.gguf", dtype)
    with torch.no_grad():
        expected = model(torch.tensor([IDS])).logits[0].numpy()
    found = LlamaCppModel(folder / "model.gguf", context_length=128, threads=1).logits(IDS)
    return np.abs(found - expected).max() / np.abs(expected).max()


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(("dtype", "allowed"), [("f32", 1e-4), ("f16", 5e-3), ("bf16", 5e-2)])
def test_logits_agree_with_hugging_face(name, dtype, allowed, tmp_path):
    # BLOOM's GELU is a half-precision table in llama.cpp
    allowed = max(allowed, 2e-3 if name.startswith("bloom") else 0)
    assert difference(name, dtype, tmp_path) < allowed


@pytest.mark.parametrize(
    ("name", "function", "wrong"),
    [
        ("llama-gqa-tied", "_reordered", lambda name, weight, config: weight),
        ("bloom", "_reordered", lambda name, weight, config: weight),
        ("llama-llama3", "llama3_frequency_divisors", lambda config: torch.ones(16)),
    ],
)
def test_negative_control_a_wrong_weight_is_noticed(name, function, wrong, tmp_path, monkeypatch):
    monkeypatch.setattr(f"belle.quantize.gguf.tensors.{function}", wrong)
    assert difference(name, "f32", tmp_path) > 0.02


def test_matrices_get_the_type_and_vectors_stay_f32(tmp_path):
    write_gguf(MODELS["qwen2"](), byte_level_tokenizer(QWEN2_PATTERN), tmp_path / "model.gguf", "f16")
    tensors = {tensor.name: tensor for tensor in GGUFReader(tmp_path / "model.gguf").tensors}
    assert tensors["blk.0.attn_q.weight"].tensor_type.name == "F16"
    assert tensors["blk.0.attn_q.bias"].tensor_type.name == "F32"
    assert tensors["output_norm.weight"].tensor_type.name == "F32"
    assert len(tensors) == 3 + 2 * 12


def test_an_architecture_without_gguf_leaves_no_file(tmp_path):
    model = GPT2LMHeadModel(GPT2Config(vocab_size=9, n_embd=8, n_layer=1, n_head=1))
    with pytest.raises(UserError, match="'gpt2'"):
        write_gguf(model, byte_level_tokenizer(QWEN2_PATTERN), tmp_path / "model.gguf", "f16")
    assert list(tmp_path.iterdir()) == []


def test_a_value_too_large_for_f16_is_refused_and_leaves_no_file(tmp_path):
    model = MODELS["llama"]()
    model.lm_head.weight.data[3, 5] = 1e5
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    with pytest.raises(UserError, match=r"^model\.gguf: weight output\.weight: .*f16"):
        write_gguf(model, tokenizer, tmp_path / "model.gguf", "f16")
    assert list(tmp_path.iterdir()) == []
    write_gguf(model, tokenizer, tmp_path / "model.gguf", "bf16")


WRITE = """
import sys
from pathlib import Path
from belle.quantize.gguf.quantize import quantize_file
from belle.quantize.gguf.writer import write_gguf
from belle.tokenizer.patterns import QWEN2_PATTERN
from tests.quantize.gguf.tiny_models import MODELS, byte_level_tokenizer, random_weights
folder = Path(sys.argv[1])
write_gguf(random_weights(MODELS["llama-gqa-tied"]()), byte_level_tokenizer(QWEN2_PATTERN), folder / "f32.gguf", "f32")
quantize_file(folder / "f32.gguf", folder / "q8_0.gguf", "q8_0")
"""


@pytest.mark.slow
def test_bytes_do_not_depend_on_process_and_folder(tmp_path):
    digests = []
    for seed in ("1", "2"):
        folder = tmp_path / f"run-{seed}"
        folder.mkdir()
        variables = {
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}:{ROOT / 'tests'}",
            "PYTHONHASHSEED": seed,
            "OMP_NUM_THREADS": seed,
        }
        subprocess.run([sys.executable, "-c", WRITE, str(folder)], check=True, env=os.environ | variables)
        written = [(folder / name).read_bytes() for name in ("f32.gguf", "q8_0.gguf")]
        assert not any(str(tmp_path).encode() in content for content in written)
        digests.append([hashlib.sha256(content).hexdigest() for content in written])
    assert digests[0] == digests[1]
