import gguf
import pytest
from transformers import BloomConfig, GPT2Config, LlamaConfig, PretrainedConfig, Qwen2Config, Qwen3Config

from belle.errors import UserError
from belle.quantize.gguf.hyperparameters import ARCHITECTURES, add_hyperparameters, check_config, head_size

from .tiny_models import LINEAR, LLAMA3, MODELS, SIZE


def written(config: PretrainedConfig) -> dict[str, object]:
    """The keys and values of a GGUF file, without the architecture in front of a key."""
    architecture = gguf.MODEL_ARCH_NAMES[ARCHITECTURES[config.model_type]]
    writer = gguf.GGUFWriter(None, architecture)
    add_hyperparameters(writer, config, vocabulary=640)
    return {key.removeprefix(f"{architecture}."): value.value for key, value in writer.kv_data[0].items()}


def test_llama_like_models_are_described():
    config = LlamaConfig(**SIZE, num_key_value_heads=2, head_dim=32, rms_norm_eps=1e-3, rope_parameters=LINEAR)
    assert {
        "vocab_size": 640,
        "embedding_length": 64,
        "feed_forward_length": 96,
        "block_count": 2,
        "context_length": 128,
        "attention.head_count": 4,
        "attention.head_count_kv": 2,
        "attention.key_length": 32,
        "attention.value_length": 32,
        "attention.layer_norm_rms_epsilon": 1e-3,
        "rope.dimension_count": 32,
        "rope.freq_base": 10000.0,
        "rope.scaling.type": "linear",
        "rope.scaling.factor": 4.0,
    }.items() <= written(config).items()


def test_bloom_is_described():
    keys = written(BloomConfig(vocab_size=640, hidden_size=64, n_layer=2, n_head=4, layer_norm_epsilon=1e-3))
    assert {
        "embedding_length": 64,
        "feed_forward_length": 256,
        "context_length": 2048,
        "attention.head_count_kv": 4,
        "attention.layer_norm_epsilon": 1e-3,
    }.items() <= keys.items()
    assert not [key for key in keys if key.startswith("rope")]


def test_a_head_is_as_wide_as_the_configuration_says_or_its_share_of_the_model():
    assert head_size(LlamaConfig(**SIZE, head_dim=32)) == 32
    assert head_size(LlamaConfig(**SIZE)) == 16


@pytest.mark.parametrize("name", MODELS)
def test_models_that_llama_cpp_computes_alike_are_accepted(name):
    check_config(MODELS[name]().config)


@pytest.mark.parametrize(
    ("config", "keys"),
    [
        (GPT2Config(), ["model_type"]),
        (
            LlamaConfig(**SIZE, hidden_act="gelu", rope_parameters={**LINEAR, "rope_type": "dynamic"}),
            ["hidden_act", "rope_parameters.rope_type"],
        ),
        (
            Qwen3Config(**SIZE, head_dim=16, rope_parameters=LLAMA3, attention_bias=True),
            ["attention_bias", "rope_parameters.rope_type"],
        ),
        (Qwen2Config(**SIZE, use_sliding_window=True, max_window_layers=1), ["layer_types"]),
        (
            BloomConfig(vocab_size=9, hidden_size=8, apply_residual_connection_post_layernorm=True),
            ["apply_residual_connection_post_layernorm"],
        ),
    ],
)
def test_each_key_that_llama_cpp_would_compute_otherwise_is_a_line(config, keys):
    with pytest.raises(UserError) as error:
        check_config(config)
    assert [line.split(": ")[:2] for line in str(error.value).splitlines()] == [["config.json", key] for key in keys]


def test_what_would_be_allowed_instead_is_named():
    with pytest.raises(UserError, match=r"'gpt2'.*llama, bloom, qwen2, qwen3"):
        check_config(GPT2Config())
    with pytest.raises(UserError, match=r"'llama3'.*default, linear"):
        check_config(Qwen3Config(**SIZE, head_dim=16, rope_parameters=LLAMA3))
