"""Which quantized variants are made and how: `quantize` in params.yaml."""

from typing import Annotated, Literal

from pydantic import Field

from belle.config.section import Section

GPTQ_SCHEMES = ("gptq-int4", "gptq-int8")
GGUF_SCHEMES = (
    "gguf-f32", "gguf-f16", "gguf-bf16", "gguf-q8_0", "gguf-q4_0", "gguf-q4_1", "gguf-q5_0", "gguf-q5_1",
    "gguf-q2_k", "gguf-q3_k_s", "gguf-q3_k_m", "gguf-q3_k_l", "gguf-q4_k_s", "gguf-q4_k_m",
    "gguf-q5_k_s", "gguf-q5_k_m", "gguf-q6_k",
)  # fmt: skip
SchemeName = Annotated[
    Literal[*GPTQ_SCHEMES, *GGUF_SCHEMES],
    Field(description="a quantized variant; also its name in the metrics"),
]


class CalibrationParams(Section):
    """`quantize.calibration`: training rows that GPTQ measures activations on."""

    rows: int = Field(ge=1)


class GptqParams(Section):
    """`quantize.gptq` (Frantar et al. 2022, arXiv 2210.17323)."""

    group_size: Literal[-1, 16, 32, 64, 128, 256, 512, 1024]
    """Columns that share one scale; -1 is the whole row."""
    act_order: bool
    """Quantize columns in order of decreasing activation (`desc_act`)."""


class QuantizeParams(Section):
    """`quantize` in params.yaml."""

    schemes: list[SchemeName]
    gptq: GptqParams
    calibration: CalibrationParams
