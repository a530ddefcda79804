"""Attention over packed sequences: every segment attends to itself alone.

Registered with transformers as the attention implementation `packed`; the collator says where segments end
(`cu_seq_lens_q`, the argument that FlashAttention's variable-length kernels take).
"""

from typing import Any

import torch
from torch.nn import functional
from transformers import AttentionInterface

from belle.errors import UserError

try:
    from torch.nn.attention.varlen import varlen_attn
except ImportError:
    varlen_attn = None

PACKED = "packed"


def packed_attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    cu_seq_lens_q: torch.Tensor,
    max_length_q: int,
    scaling: float,
    dropout: float = 0.0,
    sliding_window: int | None = None,
    **kwargs: object,
) -> tuple[torch.Tensor, None]:
    """Return causal attention within segments.

    One call for each run of equally long segments on CPU (benchmarks/attention.py: many times faster than a block
    mask), FlashAttention's variable-length kernel on GPUs of Ampere or later in half precision, a block-diagonal mask
    elsewhere.

    Args:
        module: the attention layer.
        query: float [1, heads, tokens, width].
        key: float [1, key/value heads, tokens, width].
        value: as `key`.
        attention_mask: must be None; transformers makes none for this implementation.
        cu_seq_lens_q: int32 [segments + 1], where segments begin, and the total.
        max_length_q: tokens of the longest segment.
        scaling: factor on the scores.
        dropout: must be 0.
        sliding_window: tokens that the model looks back; no segment may be longer.
        kwargs: what other implementations take; unused.

    Returns:
        float [1, tokens, heads, width], and None for the attention weights.

    Raises:
        UserError: a segment is longer than the model's sliding window.
    """
    if attention_mask is not None or dropout:
        raise ValueError("packed attention takes no mask and no dropout")
    if sliding_window is not None and max_length_q > sliding_window:
        keys = "tokenize.max_length, pretrain.max_length"
        raise UserError(f"params.yaml: {keys}: this model looks back {sliding_window} tokens; lower them to that")
    # under autocast rotary embeddings and norms leave queries and keys in fp32, values are in half precision
    query, key = query.to(value.dtype), key.to(value.dtype)
    if query.device.type == "cpu":
        output = _per_segment(query, key, value, cu_seq_lens_q, scaling)
    elif _has_varlen(query):
        return _varlen(query, key, value, cu_seq_lens_q, max_length_q, scaling), None
    else:
        output = _masked(query, key, value, cu_seq_lens_q, scaling)
    return output.transpose(1, 2), None


def _has_varlen(query: torch.Tensor) -> bool:
    """Return whether the variable-length kernel takes it: half precision on a GPU of Ampere (8.0) or later."""
    if varlen_attn is None or not query.is_cuda or query.dtype not in (torch.float16, torch.bfloat16):
        return False
    return torch.cuda.get_device_capability(query.device) >= (8, 0)


def _per_segment(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, starts: torch.Tensor, scaling: float
) -> torch.Tensor:
    """Compute neighbors of equal length as one batch; the collator sorts segments by length to make long runs."""
    length, count = starts.diff().unique_consecutive(return_counts=True)
    sizes = (length * count).tolist()
    queries, keys, values = (tensor[0].split(sizes, dim=1) for tensor in (query, key, value))
    runs = zip(queries, keys, values, count.tolist(), strict=True)
    return torch.cat([_run(*run, scaling) for run in runs], dim=1).unsqueeze(0)


def _run(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, count: int, scaling: float) -> torch.Tensor:
    query, key, value = (tensor.unflatten(1, (count, -1)).transpose(0, 1) for tensor in (query, key, value))
    return _causal(query, key, value, scaling=scaling, is_causal=True).transpose(0, 1).flatten(1, 2)


def _masked(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, starts: torch.Tensor, scaling: float
) -> torch.Tensor:
    tokens = torch.arange(query.shape[2], device=query.device)
    segment = torch.bucketize(tokens, starts, right=True)
    mask = (segment[:, None] == segment[None, :]) & (tokens[:, None] >= tokens[None, :])
    return _causal(query, key, value, scaling=scaling, attn_mask=mask)


def _varlen(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    starts: torch.Tensor,
    longest: int,
    scaling: float,
) -> torch.Tensor:
    flat = [tensor[0].transpose(0, 1).contiguous() for tensor in (query, key, value)]
    causal = (-1, 0)
    output = varlen_attn(
        *flat, starts, starts, longest, longest, scale=scaling, window_size=causal,
        enable_gqa=query.shape[1] != key.shape[1],
    )  # fmt: skip
    return output.unsqueeze(0)


def _causal(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, *, scaling: float, **how: Any) -> torch.Tensor:
    grouped = query.shape[1] != key.shape[1]
    return functional.scaled_dot_product_attention(query, key, value, scale=scaling, enable_gqa=grouped, **how)


AttentionInterface.register(PACKED, packed_attention)
