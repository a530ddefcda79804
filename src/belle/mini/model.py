"""The embedded models `mini` and `nano`: LLaMA directories with random weights, and the tokenizer trained for them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from belle.checkpoints.resolve import CONFIG, TOKENIZER, TOKENIZER_CONFIG
from belle.errors import UserError
from belle.files import write_json
from belle.mini.data.builtin import conversations, texts
from belle.tokenizer.merges import write_merges_as_strings
from belle.tokenizer.patterns import QWEN2_PATTERN
from belle.tokenizer.template import ASSISTANT, HUMAN

END, PAD = "<|endoftext|>", "<|pad|>"
LONGEST_TOKEN = 9
"""Bytes, three Chinese characters: longer merges would swallow the words that fill the templates."""
TRAINING_PATTERN = r" ?\p{L}+|\p{N}|\s+|[^\s\p{L}\p{N}]"
"""Merges are learned with punctuation apart, so that a word is the same tokens after any punctuation."""

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


def train_tokenizer(lines: Iterable[str], size: int) -> Tokenizer:
    """Train a byte-level BPE of `size` tokens, both special tokens included."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = _split_by(TRAINING_PATTERN)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END, PAD],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        max_token_length=LONGEST_TOKEN,
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.pre_tokenizer = _split_by(QWEN2_PATTERN)
    return tokenizer


def _split_by(pattern: str) -> pre_tokenizers.PreTokenizer:
    """Split text by a pattern, then write each piece as bytes."""
    split = pre_tokenizers.Split(Regex(pattern), behavior="isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([split, byte_level])


def write_tokenizer(tokenizer: Tokenizer, target: Path) -> None:
    """Write tokenizer.json and the files that transformers reads beside it."""
    tokenizer.save(str(target / TOKENIZER))
    write_merges_as_strings(target / TOKENIZER)
    special = {"eos_token": END, "pad_token": PAD}
    write_json(target / "special_tokens_map.json", special)
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False, **special}
    write_json(target / TOKENIZER_CONFIG, config)


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
    write_json(target / CONFIG, config)
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
