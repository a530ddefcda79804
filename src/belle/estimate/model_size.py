"""The sizes of a model that decide what training it takes, from its profile alone; no weights are read."""

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from belle.config.model import LINEAR_LAYERS, ModelDownload

if TYPE_CHECKING:
    from transformers import PreTrainedConfig


@dataclass(frozen=True)
class ModelSize:
    """Numbers of weights and widths of a model.

    Attributes:
        architecture: `model_type`, as in `llama`.
        layers: transformer blocks.
        hidden: width of the residual stream.
        inner: width of the feed-forward layer.
        heads: heads of queries.
        head_dim: width of a head.
        keys: width of all keys, and of all values.
        vocabulary: rows of the embedding matrix.
        tied: the output layer is the embedding matrix.
        parameters: all weights, tied ones counted once.
        linear: linear layers of one block: name to (input, output).
    """

    architecture: str
    layers: int
    hidden: int
    inner: int
    heads: int
    head_dim: int
    keys: int
    vocabulary: int
    tied: bool
    parameters: int
    linear: dict[str, tuple[int, int]]

    @property
    def embeddings(self) -> int:
        """Weights of the embedding matrix."""
        return self.vocabulary * self.hidden

    @property
    def output(self) -> int:
        """Weights of an output layer of its own."""
        return 0 if self.tied else self.embeddings

    @property
    def linear_weights(self) -> int:
        """Weights of the linear layers in all blocks: what adapters stand on, and what is quantized."""
        return self.layers * sum(inputs * outputs for inputs, outputs in self.linear.values())


def model_size(profile: ModelDownload) -> ModelSize:
    """Return the sizes of the model that a profile describes."""
    parameters, linear = _counted(configuration(profile).to_json_string())
    return ModelSize(
        architecture=profile.architecture,
        layers=profile.num_hidden_layers,
        hidden=profile.hidden_size,
        inner=profile.intermediate_size,
        heads=profile.num_attention_heads,
        head_dim=profile.head_dim,
        keys=profile.num_key_value_heads * profile.head_dim,
        vocabulary=profile.vocab_size,
        tied=profile.tie_word_embeddings,
        parameters=parameters,
        linear=linear,
    )


@cache
def _counted(config: str) -> tuple[int, dict[str, tuple[int, int]]]:
    """Count the weights of a model that is built without memory for them, and look at its first block.

    Its configuration comes as JSON, which a cache can compare.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    values = json.loads(config)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**values))
    linear: dict[str, tuple[int, int]] = {}
    for path, module in model.named_modules():
        name = path.rpartition(".")[2]
        if name in LINEAR_LAYERS[values["model_type"]]:
            linear.setdefault(name, (module.in_features, module.out_features))
    return model.num_parameters(), linear


def configuration(profile: ModelDownload) -> "PreTrainedConfig":
    """Return the configuration of transformers that a profile describes."""
    from transformers import AutoConfig

    sizes = profile.model_dump(
        include={"hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size", "tie_word_embeddings"}
    )
    if profile.architecture != "bloom":
        sizes |= profile.model_dump(include={"intermediate_size", "num_key_value_heads", "head_dim"})
    return AutoConfig.for_model(profile.architecture, **sizes)
