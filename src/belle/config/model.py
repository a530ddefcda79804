"""Which model an experiment starts from: the `model` section and configs/model/*.yaml."""

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from belle.config.base import ProfileName, Section
from belle.config.source import Source

Architecture = Literal["llama", "bloom", "qwen2", "qwen3"]
TemplateName = Literal["belle", "belle-2023-04", "model"]

LINEAR_LAYERS: dict[str, tuple[str, ...]] = {
    "llama": ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
    "qwen2": ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
    "qwen3": ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
    "bloom": ("query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"),
}
"""Names of the linear layers in one transformer block, as `target_modules` of LoRA names them."""

OTHER_LAYERS: dict[str, tuple[str, ...]] = {
    "llama": ("embed_tokens", "lm_head", "input_layernorm", "post_attention_layernorm"),
    "qwen2": ("embed_tokens", "lm_head", "input_layernorm", "post_attention_layernorm"),
    "qwen3": ("embed_tokens", "lm_head", "input_layernorm", "post_attention_layernorm", "q_norm", "k_norm"),
    "bloom": ("word_embeddings", "lm_head", "input_layernorm", "post_attention_layernorm", "ln_f"),
}
"""Names of the layers without an adapter of their own, as `modules_to_save` of LoRA names them."""


class ModelParams(Section):
    """`model` in params.yaml."""

    profile: ProfileName
    """Model profile, a file under configs/model/."""
    allow_unpinned: bool
    """Download a hub model whose profile names no revision; not repeatable, since it may change."""


class ModelDownload(Section):
    """What the download of a model depends on: where it comes from and what it is."""

    source: Annotated[Source, Field(discriminator="kind")]
    architecture: Architecture
    """`model_type` of its config.json."""
    hidden_size: int = Field(gt=0)
    """Width of the residual stream: GPTQ groups and GGUF block types must divide it."""
    intermediate_size: int = Field(gt=0)
    """Width of the feed-forward layer."""
    num_hidden_layers: int = Field(gt=0)
    """Transformer blocks."""
    num_attention_heads: int = Field(gt=0)
    """Heads of queries per block."""
    num_key_value_heads: int = Field(gt=0)
    """Heads of keys and values per block; as many as of queries when they are not shared."""
    head_dim: int = Field(gt=0)
    """Width of one head."""
    vocab_size: int = Field(gt=0)
    """Rows of the embedding matrix."""
    tie_word_embeddings: bool
    """The output layer is the embedding matrix."""
    max_position_embeddings: int | None = Field(default=None, gt=0)
    """Longest sequence in tokens, as its config.json says; null for a model without such a limit (BLOOM)."""
    template: TemplateName
    """Chat template stored with the model on download; `model` keeps the one its tokenizer brings."""
    encrypted: bool = False
    """The files are BELLE's XOR-encrypted `.enc`: the decrypt stage must be enabled."""

    @model_validator(mode="after")
    def _builtin_name(self) -> "ModelDownload":
        if self.source.kind == "builtin" and not re.fullmatch(r"[\w\-]+", self.source.name):
            raise ValueError("source.name: a builtin model has a plain name")
        return self


class ModelProfile(ModelDownload):
    """One file of configs/model/."""

    license: str
    """License of the weights, kept in data/check/licenses.json; `private` for a model of your own."""
    homepage: str | None
    """Page that describes the model; null when there is none."""
