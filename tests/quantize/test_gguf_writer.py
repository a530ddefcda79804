import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from gguf import GGUFReader
from gguf_fixtures import byte_level_tokenizer, random_weights
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from belle.errors import UserError
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.quantize.gguf.byte_level import QWEN2_PATTERN
from belle.quantize.gguf.writer import write_gguf

IDS = list(range(5, 600, 13))
SIZE = {
    "vocab_size": 640,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 128,
}
LINEAR = {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
MODELS = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SIZE)),
    "llama-gqa-tied": lambda: LlamaForCausalLM(
        LlamaConfig(**SIZE, num_key_value_heads=2, tie_word_embeddings=True, rms_norm_eps=1e-3)
    ),
    "llama-biases-wide-heads": lambda: LlamaForCausalLM(
        LlamaConfig(**SIZE, attention_bias=True, mlp_bias=True, head_dim=32)
    ),
    "llama-linear": lambda: LlamaForCausalLM(LlamaConfig(**SIZE, rope_parameters=LINEAR)),
    "llama-llama3": lambda: LlamaForCausalLM(LlamaConfig(**SIZE, head_dim=32, rope_parameters=LLAMA3)),
    "qwen2": lambda: Qwen2ForCausalLM(
        Qwen2Config(**SIZE, num_key_value_heads=2, rope_parameters={"rope_type": "default", "rope_theta": 1e6})
    ),
    "qwen3-tied": lambda: Qwen3ForCausalLM(
        Qwen3Config(**SIZE, num_key_value_heads=2, head_dim=32, tie_word_embeddings=True)
    ),
    "bloom": lambda: BloomForCausalLM(BloomConfig(vocab_size=640, hidden_size=64, n_layer=2, n_head=4)),
    "bloom-untied-6-heads": lambda: BloomForCausalLM(
        BloomConfig(vocab_size=640, hidden_size=96, n_layer=2, n_head=6, tie_word_embeddings=False)
    ),
}


def logits_of(path):
    return LlamaCppModel(path, context_length=128, threads=1).logits(IDS)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(("dtype", "allowed"), [("f32", 1e-4), ("f16", 5e-3), ("bf16", 5e-2)])
def test_logits_agree_with_hugging_face(name, dtype, allowed, tmp_path):
    model = random_weights(MODELS[name]())
    write_gguf(model, byte_level_tokenizer(QWEN2_PATTERN), tmp_path / "model.gguf", dtype)
    with torch.no_grad():
        expected = model(torch.tensor([IDS])).logits[0].numpy()
    # BLOOM's GELU is a half-precision table in llama.cpp
    allowed = max(allowed, 2e-3 if name.startswith("bloom") else 0)
    difference = np.abs(logits_of(tmp_path / "model.gguf") - expected).max() / np.abs(expected).max()
    assert difference < allowed


@pytest.mark.parametrize(
    ("name", "function", "wrong"),
    [
        ("llama-gqa-tied", "_reordered", lambda name, weight, config: weight),
        ("bloom", "_reordered", lambda name, weight, config: weight),
        ("llama-llama3", "llama3_frequency_divisors", lambda config: torch.ones(16)),
    ],
)
def test_a_wrong_weight_would_be_noticed(name, function, wrong, tmp_path, monkeypatch):
    """Negative control: the comparison above can fail."""
    monkeypatch.setattr(f"belle.quantize.gguf.tensors.{function}", wrong)
    model = random_weights(MODELS[name]())
    write_gguf(model, byte_level_tokenizer(QWEN2_PATTERN), tmp_path / "model.gguf", "f32")
    with torch.no_grad():
        expected = model(torch.tensor([IDS])).logits[0].numpy()
    assert np.abs(logits_of(tmp_path / "model.gguf") - expected).max() / np.abs(expected).max() > 0.02


def test_types_of_tensors(tmp_path):
    write_gguf(MODELS["qwen2"](), byte_level_tokenizer(QWEN2_PATTERN), tmp_path / "model.gguf", "f16")
    tensors = {tensor.name: tensor for tensor in GGUFReader(tmp_path / "model.gguf").tensors}
    assert tensors["blk.0.attn_q.weight"].tensor_type.name == "F16"
    assert tensors["blk.0.attn_q.bias"].tensor_type.name == "F32"
    assert tensors["output_norm.weight"].tensor_type.name == "F32"
    assert len(tensors) == 3 + 2 * 12


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            lambda: GPT2LMHeadModel(GPT2Config(vocab_size=9, n_embd=8, n_layer=1, n_head=1)),
            "for 'gpt2'; supported: llama, bloom, qwen2, qwen3",
        ),
        (
            lambda: LlamaForCausalLM(
                LlamaConfig(**SIZE, hidden_act="gelu", rope_parameters={**LINEAR, "rope_type": "dynamic"})
            ),
            r"hidden_act: 'gelu'(.|\n)*rope_type: 'dynamic', not one of default, linear, llama3",
        ),
        (
            lambda: Qwen3ForCausalLM(Qwen3Config(**SIZE, head_dim=16, rope_parameters=LLAMA3, attention_bias=True)),
            r"attention_bias: true with qwen3(.|\n)*'llama3', not one of default, linear;",
        ),
        (
            lambda: Qwen2ForCausalLM(Qwen2Config(**SIZE, use_sliding_window=True, max_window_layers=1)),
            "sliding_attention",
        ),
        (
            lambda: BloomForCausalLM(
                BloomConfig(vocab_size=9, hidden_size=8, apply_residual_connection_post_layernorm=True)
            ),
            "apply_residual_connection_post_layernorm",
        ),
    ],
)
def test_what_llama_cpp_computes_otherwise_is_refused(model, message, tmp_path):
    with pytest.raises(UserError, match=message):
        write_gguf(model(), byte_level_tokenizer(QWEN2_PATTERN), tmp_path / "model.gguf", "f16")
    assert list(tmp_path.iterdir()) == []


def test_too_large_for_f16_is_refused_and_nothing_is_left(tmp_path):
    model = MODELS["llama"]()
    model.lm_head.weight.data[3, 5] = 1e5
    tokenizer = byte_level_tokenizer(QWEN2_PATTERN)
    with pytest.raises(UserError, match=r"output\.weight: a value is not a number or too large for f16"):
        write_gguf(model, tokenizer, tmp_path / "model.gguf", "f16")
    assert list(tmp_path.iterdir()) == []
    write_gguf(model, tokenizer, tmp_path / "model.gguf", "bf16")


WRITE = """
import sys
sys.path[:0] = {folders!r}
from test_gguf_writer import MODELS, QWEN2_PATTERN, byte_level_tokenizer, random_weights, write_gguf
from belle.quantize.gguf.quantize import quantize_file
from pathlib import Path
folder = Path(sys.argv[1])
write_gguf(random_weights(MODELS["llama-gqa-tied"]()), byte_level_tokenizer(QWEN2_PATTERN), folder / "f32.gguf", "f32")
quantize_file(folder / "f32.gguf", folder / "q8_0.gguf", "q8_0")
"""


@pytest.mark.slow
def test_bytes_do_not_depend_on_process_and_folder(tmp_path):
    tests = Path(__file__).parent
    script = WRITE.format(folders=[str(tests.parent.parent / "src"), str(tests)])
    digests = []
    for seed in ("1", "2"):
        folder = tmp_path / f"run-{seed}"
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": seed}
        subprocess.run([sys.executable, "-c", script, str(folder)], check=True, env=environment)
        contents = [(folder / name).read_bytes() for name in ("f32.gguf", "q8_0.gguf")]
        assert not any(str(tmp_path).encode() in content for content in contents)
        digests.append([hashlib.sha256(content).hexdigest() for content in contents])
    assert digests[0] == digests[1]
