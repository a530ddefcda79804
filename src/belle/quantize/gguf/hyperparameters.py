"""A model's configuration as GGUF keys; what llama.cpp would compute otherwise is refused.

Key names: the GGUF specification (ggml, docs/gguf.md), through the `gguf` library.
"""

import gguf
from transformers import PretrainedConfig

from belle.errors import UserError

ARCHITECTURES = {
    "llama": gguf.MODEL_ARCH.LLAMA,
    "bloom": gguf.MODEL_ARCH.BLOOM,
    "qwen2": gguf.MODEL_ARCH.QWEN2,
    "qwen3": gguf.MODEL_ARCH.QWEN3,
}
"""Hugging Face's `model_type` to GGUF architecture."""

BLOOM_CONTEXT_LENGTH = 2048
"""Tokens BLOOM was trained on; ALiBi has no limit, so its configuration names none."""


def check_config(config: PretrainedConfig) -> None:
    """Raise UserError, one line per problem, when llama.cpp cannot compute this model as Hugging Face does."""
    if config.model_type not in ARCHITECTURES:
        raise UserError(
            f"config.json: model_type: GGUF cannot be written for {config.model_type!r}; "
            f"supported: {', '.join(ARCHITECTURES)}"
        )
    problems = _bloom_problems(config) if config.model_type == "bloom" else _llama_like_problems(config)
    if problems:
        raise UserError("\n".join(f"config.json: {problem}; llama.cpp cannot do that" for problem in problems))


def add_hyperparameters(writer: gguf.GGUFWriter, config: PretrainedConfig, vocabulary: int) -> None:
    """Add the keys llama.cpp builds the model from; `vocabulary` is the number of embedding rows."""
    writer.add_vocab_size(vocabulary)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_head_count(config.num_attention_heads)
    if config.model_type == "bloom":
        _add_bloom(writer, config)
    else:
        _add_llama_like(writer, config)


def head_size(config: PretrainedConfig) -> int:
    """Return the width of one attention head."""
    return getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads


def _bloom_problems(config: PretrainedConfig) -> list[str]:
    if config.apply_residual_connection_post_layernorm:
        return ["apply_residual_connection_post_layernorm: true"]
    return []


def _llama_like_problems(config: PretrainedConfig) -> list[str]:
    problems = []
    if config.hidden_act != "silu":
        problems.append(f"hidden_act: {config.hidden_act!r}, not 'silu'")
    if "sliding_attention" in (getattr(config, "layer_types", None) or ()):
        problems.append("layer_types: sliding_attention")
    if config.model_type == "qwen3" and config.attention_bias:
        problems.append("attention_bias: true with qwen3")
    rope = config.rope_parameters
    if rope["rope_type"] not in rope_types(config.model_type):
        allowed = ", ".join(rope_types(config.model_type))
        problems.append(f"rope_parameters.rope_type: {rope['rope_type']!r}, not one of {allowed}")
    if rope.get("partial_rotary_factor", 1.0) != 1.0:
        problems.append(f"rope_parameters.partial_rotary_factor: {rope['partial_rotary_factor']}")
    return problems


def rope_types(model_type: str) -> tuple[str, ...]:
    """Return the kinds of rotary embedding that can be written for an architecture."""
    # llama.cpp reads the factors of llama3 scaling (a tensor) for this architecture only
    return ("default", "linear", "llama3") if model_type == "llama" else ("default", "linear")


def _add_bloom(writer: gguf.GGUFWriter, config: PretrainedConfig) -> None:
    writer.add_context_length(getattr(config, "seq_length", BLOOM_CONTEXT_LENGTH))
    writer.add_feed_forward_length(4 * config.hidden_size)
    writer.add_head_count_kv(config.num_attention_heads)
    writer.add_layer_norm_eps(config.layer_norm_epsilon)


def _add_llama_like(writer: gguf.GGUFWriter, config: PretrainedConfig) -> None:
    writer.add_context_length(config.max_position_embeddings)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_key_length(head_size(config))
    writer.add_value_length(head_size(config))
    writer.add_rope_dimension_count(head_size(config))
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    if config.rope_parameters["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(config.rope_parameters["factor"])
