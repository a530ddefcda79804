"""The embedded models `mini` and `nano`: LLaMA directories with random weights and a trained tokenizer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from belle.errors import UserError
from belle.files import write_json
from belle.mini.data.builtin import conversations, texts
from belle.mini.tokenizer import END, PAD, train_tokenizer, write_tokenizer
from belle.tokenizer.template import ASSISTANT, HUMAN

VOCABULARY = 1536
SEED = 42
EMBEDDING_DEVIATION = 0.1
"""Standard deviation of the first embeddings; linear layers start at 1/√width (LeCun et al. 1998), which keeps
the size of what flows through them. The usual 0.02 is made for wide models: it costs this one half its training."""

SIZES: dict[str, dict[str, int]] = {
    "mini": {
        "hidden_size": 256,
        "intermediate_size": 256,
        "num_hidden_layers": 3,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
    },
    "nano": {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
    },
}


def write_model(target: Path, name: str) -> None:
    """Write the Hugging Face directory of `mini` or `nano` into the empty directory `target`.

    Weights are float32 and normal (norms are ones), embeddings tied.

    Raises:
        UserError: there is no such model.
    """
    if name not in SIZES:
        raise UserError(f"builtin model {name!r}: unknown; there are {', '.join(SIZES)}")
    tokenizer = train_mini_tokenizer()
    write_tokenizer(tokenizer, target)
    ends = {"eos_token_id": tokenizer.token_to_id(END), "pad_token_id": tokenizer.token_to_id(PAD)}
    config = _config(SIZES[name], ends)
    write_json(target / "config.json", config)
    write_json(target / "generation_config.json", {"_from_model_config": True, "bos_token_id": None, **ends})
    save_file(_weights(config), target / "model.safetensors", metadata={"format": "pt"})


def train_mini_tokenizer() -> Tokenizer:
    """Train the tokenizer of the builtin models on all that they ever read in training."""
    return train_tokenizer(_lines(), VOCABULARY)


def _lines() -> Iterator[str]:
    yield from (row["text"] for row in texts("corpus", "mini"))
    for row in conversations("general", "mini"):
        for message in row["messages"]:
            yield (HUMAN if message["role"] == "user" else ASSISTANT) + message["content"]


def _config(size: dict[str, int], ends: dict[str, int | None]) -> dict[str, Any]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": VOCABULARY,
        **size,
        "head_dim": size["hidden_size"] // size["num_attention_heads"],
        "hidden_act": "silu",
        "max_position_embeddings": 1024,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "initializer_range": size["hidden_size"] ** -0.5,
        "bos_token_id": None,
        **ends,
        "dtype": "float32",
    }


def _shapes(config: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Return the linear layers of one block: name to (output, input)."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    queries = config["num_attention_heads"] * config["head_dim"]
    keys = config["num_key_value_heads"] * config["head_dim"]
    return {
        "self_attn.q_proj": (queries, hidden),
        "self_attn.k_proj": (keys, hidden),
        "self_attn.v_proj": (keys, hidden),
        "self_attn.o_proj": (hidden, queries),
        "mlp.gate_proj": (inner, hidden),
        "mlp.up_proj": (inner, hidden),
        "mlp.down_proj": (hidden, inner),
    }


def _weights(config: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return every parameter by its Hugging Face name, float32."""
    random = np.random.Generator(np.random.PCG64(SEED))

    def normal(shape: tuple[int, int], deviation: float) -> np.ndarray:
        return random.standard_normal(shape, dtype=np.float32) * np.float32(deviation)

    ones = np.ones(config["hidden_size"], dtype=np.float32)
    embeddings = normal((config["vocab_size"], config["hidden_size"]), EMBEDDING_DEVIATION)
    weights = {"model.embed_tokens.weight": embeddings, "model.norm.weight": ones}
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        for name, shape in _shapes(config).items():
            weights[f"{at}.{name}.weight"] = normal(shape, config["initializer_range"])
        weights |= {f"{at}.{name}.weight": ones.copy() for name in ("input_layernorm", "post_attention_layernorm")}
    return weights
