"""A model's weights under GGUF's names and in the order of rows that llama.cpp expects."""

import math
from collections.abc import Iterator

import gguf
import torch
from transformers import PretrainedConfig, PreTrainedModel

from belle.quantize.gguf.hyperparameters import ARCHITECTURES, head_size


def gguf_tensors(model: PreTrainedModel) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield (GGUF name, tensor) for every weight; tied embeddings come once, as llama.cpp wants them.

    Only one reordered tensor exists at a time. A weight that GGUF has no name for raises KeyError:
    `check_config` should have refused the model.
    """
    config = model.config
    names = gguf.get_tensor_name_map(ARCHITECTURES[config.model_type], config.num_hidden_layers)
    for name, weight in model.named_parameters():
        gguf_name = names.get_name(name.removeprefix("transformer."), try_suffixes=(".weight", ".bias"))
        if gguf_name is None:
            raise KeyError(f"{name}: GGUF has no name for this weight of {config.model_type}")
        yield gguf_name, _reordered(name, weight.detach(), config)
    if config.model_type != "bloom" and config.rope_parameters["rope_type"] == "llama3":
        yield "rope_freqs.weight", llama3_frequency_divisors(config)


def llama3_frequency_divisors(config: PretrainedConfig) -> torch.Tensor:
    """Return what llama.cpp divides each rotary frequency by: float32 [head size / 2].

    Formula: Llama 3.1 release (`rope_scaling`): long wavelengths are divided by `factor`, short ones kept,
    those between interpolated.
    """
    rope = config.rope_parameters
    factor, low, high = rope["factor"], rope["low_freq_factor"], rope["high_freq_factor"]
    exponents = torch.arange(0, head_size(config), 2, dtype=torch.float32) / head_size(config)
    wavelengths = 2 * math.pi * rope["rope_theta"] ** exponents
    turns = rope["original_max_position_embeddings"] / wavelengths
    kept_share = ((turns - low) / (high - low)).clamp(0, 1)
    return 1 / ((1 - kept_share) / factor + kept_share)


def _reordered(name: str, weight: torch.Tensor, config: PretrainedConfig) -> torch.Tensor:
    if config.model_type == "bloom" and ".query_key_value." in name:
        return _split_fused(weight, config.num_attention_heads)
    if config.model_type == "llama" and ".q_proj." in name:
        return _interleave_rotary_pairs(weight, config.num_attention_heads)
    if config.model_type == "llama" and ".k_proj." in name:
        return _interleave_rotary_pairs(weight, config.num_key_value_heads)
    return weight


def _split_fused(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Split a fused layer: BLOOM keeps q, k, v of each head together; llama.cpp wants all q, then all k, then all v."""
    by_head = weight.reshape(heads, 3, -1, *weight.shape[1:])
    return by_head.transpose(0, 1).reshape(weight.shape)


def _interleave_rotary_pairs(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Reorder rows: Hugging Face rotates row i with row i + half of a head, llama.cpp's LLaMA neighboring rows."""
    halves = weight.reshape(heads, 2, -1, *weight.shape[1:])
    return halves.transpose(1, 2).reshape(weight.shape)
