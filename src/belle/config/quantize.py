"""Which quantized variants are made and how: `quantize` in params.yaml."""

from typing import Literal

from pydantic import Field

from belle.config.base import Section

GptqScheme = Literal["gptq-int4", "gptq-int8"]
GgufScheme = Literal[
    "gguf-f32", "gguf-f16", "gguf-bf16", "gguf-q8_0", "gguf-q4_0", "gguf-q4_1", "gguf-q5_0", "gguf-q5_1",
    "gguf-q2_k", "gguf-q3_k_s", "gguf-q3_k_m", "gguf-q3_k_l", "gguf-q4_k_s", "gguf-q4_k_m",
    "gguf-q5_k_s", "gguf-q5_k_m", "gguf-q6_k",
]  # fmt: skip
Scheme = Literal[GptqScheme, GgufScheme]

UNBLOCKED = ("gguf-f32", "gguf-f16", "gguf-bf16")


def block_size(scheme: str) -> int:
    """Return how many columns share one block in a scheme's format; the width of a matrix must be a multiple of it.

    256 for llama.cpp's K-quants, 32 for its older types (ggml-common.h: QK_K, QK4_0, …), 1 for every other scheme.
    """
    if not scheme.startswith("gguf-") or scheme in UNBLOCKED:
        return 1
    return 256 if "_k" in scheme else 32


class CalibrationParams(Section):
    """`quantize.calibration`: training conversations that GPTQ measures activations on."""

    samples: int = Field(ge=1)
    """Conversations that GPTQ measures activations on, spread evenly over the training set."""
    tokens: int | None = Field(ge=1)
    """Tokens to reach with more conversations than `samples`; null: those alone."""


class GptqParams(Section):
    """`quantize.gptq` (Frantar et al. 2022, arXiv 2210.17323)."""

    group_size: Literal[-1, 16, 32, 64, 128, 256, 512, 1024]
    """Columns of a weight matrix that share one scale; -1 is the whole row."""
    act_order: bool
    """Quantize columns in order of decreasing activation (`desc_act`): slower, more exact."""


class QuantizeParams(Section):
    """`quantize` in params.yaml."""

    gptq: GptqParams
    calibration: CalibrationParams
    schemes: list[Scheme]
    """Quantized variants to make and evaluate, by name."""
