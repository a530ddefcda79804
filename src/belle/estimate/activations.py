"""What one transformer block keeps for its backward pass, in bytes per token: counted tensor by tensor.

Layers as in transformers' LlamaDecoderLayer (Qwen2 and Qwen3 are built like it) and BloomBlock. Counted is what
autograd saves, not what a layer makes and drops again. benchmarks/estimate.py compares the sums with measured peaks.
"""

from dataclasses import dataclass

from belle.estimate.model_size import ModelSize

GROUPS = (("q_proj", "k_proj", "v_proj"), ("o_proj",), ("gate_proj", "up_proj"), ("down_proj",))
"""Linear layers that read the same tensor; every one of BLOOM's reads its own."""


@dataclass(frozen=True)
class Numbers:
    """Bytes of a number, by what it is for.

    Attributes:
        compute: matrix products, and what flows between them.
        residual: the residual stream; 4 where weights are fp32, also under autocast.
        casts: under autocast every linear layer makes a half-precision copy of its input and of its weights.
        fused: Liger's norms and MLP, which keep their inputs alone.
    """

    compute: int
    residual: int
    casts: bool
    fused: bool


@dataclass(frozen=True)
class Adapters:
    """LoRA, as far as it keeps activations.

    Attributes:
        targets: linear layers that have an adapter.
        rank: width of the adapters.
        mask_bytes: what dropout keeps per number; 0 without dropout.
    """

    targets: tuple[str, ...]
    rank: int
    mask_bytes: int


def block_bytes(size: ModelSize, numbers: Numbers, adapters: Adapters | None, segment: int) -> float:
    """Return the bytes per token that one block keeps.

    Args:
        size: the model.
        numbers: their bytes.
        adapters: None when every weight is trained.
        segment: tokens of the longest segment; for BLOOM, whose attention keeps all probabilities.
    """
    if size.architecture == "bloom":
        inputs = sum(_inputs(size, numbers, adapters, (name,)) for name in size.linear)
        return _bloom(size, numbers, segment) + inputs
    trained = adapters is None
    queries = size.heads * size.head_dim
    # a norm computes in fp32; the normalized input is for the gradient of its weight
    kept = numbers.residual if numbers.fused else 4 + (numbers.residual if trained else 0)
    norms = 2 * size.hidden * kept
    if size.architecture == "qwen3":
        norms += (queries + size.keys) * (numbers.compute if numbers.fused else 4 + (numbers.compute if trained else 0))
    # rotated queries, keys, values and the output; one logarithm per head
    attention = numbers.compute * (2 * queries + 2 * size.keys) + 4 * size.heads
    # gate, up, and silu(gate)
    feed_forward = numbers.compute * (2 if numbers.fused else 3) * size.inner
    return norms + attention + feed_forward + sum(_inputs(size, numbers, adapters, group) for group in GROUPS)


def _inputs(size: ModelSize, numbers: Numbers, adapters: Adapters | None, group: tuple[str, ...]) -> float:
    """Return what linear layers that read the same tensor keep of it, for the gradients of their weights."""
    width = size.linear[group[0]][0]
    if adapters is None:
        return numbers.compute * width * (len(group) if numbers.casts else 1)
    count = sum(name in adapters.targets for name in group)
    # adapters are fp32: in half precision each casts its input, with dropout each drops other numbers
    copies = count if adapters.mask_bytes or numbers.compute == 2 else min(count, 1)
    return width * (numbers.compute * copies + adapters.mask_bytes * count) + count * adapters.rank * numbers.compute


def _bloom(size: ModelSize, numbers: Numbers, segment: int) -> float:
    """Return what a BLOOM block keeps beside the inputs of its linear layers."""
    norms = 2 * size.hidden * 4
    # queries, keys and values with the copies that the attention cuts them into; its probabilities, in fp32 first
    attention = numbers.compute * 6 * size.hidden
    probabilities = size.heads * segment * (4 if numbers.compute == 4 else 6)
    gelu = numbers.compute * size.inner
    return norms + attention + probabilities + gelu
