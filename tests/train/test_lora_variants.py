"""Each kind of adapter trains, and the model that is loaded afterwards is the one that was trained."""

import json
import math
from pathlib import Path

import pytest
import torch
from transformers import Trainer

from belle.checkpoints.models import load_model
from belle.checkpoints.nf4 import round_to_nf4
from belle.errors import UserError
from belle.train.lora import add_adapters, load_frozen, save_adapters
from belle.train.trainer import attention_for, run_trainer
from factories import hardware, lora_params

IDS = torch.arange(2, 60)[None]
KINDS = {
    "lora": {},
    "rslora": {"use_rslora": True},
    "dora": {"use_dora": True},
    "qlora": {"base_precision": "nf4"},
    "qdora": {"base_precision": "nf4", "use_dora": True},
    "modules_to_save": {"modules_to_save": ["embed_tokens", "lm_head"]},
    "embeddings": {"modules_to_save": ["embed_tokens"]},
    "qlora_and_norms": {"base_precision": "nf4", "modules_to_save": ["input_layernorm"]},
}


@torch.no_grad()
def logits(model: torch.nn.Module) -> torch.Tensor:
    return model.eval()(IDS).logits.float()


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    return ((one - other).norm() / other.norm()).item()


def adapter(directory: Path, checkpoint: Path, dtype: torch.dtype = torch.float32, size: float = 0.1, **changes):
    """Write an adapter that changes the model; return the two as they were trained, and without merging."""
    params = lora_params(**changes)
    torch.manual_seed(len(str(directory)))
    model = add_adapters(load_frozen(checkpoint, params, dtype)[0], params, dtype)
    for name, weight in model.named_parameters():
        if weight.requires_grad and "lora_A" not in name:
            weight.data += torch.randn_like(weight) * size
    directory.mkdir()
    save_adapters(model, directory, checkpoint, "nf4" if params.base_precision == "nf4" else "fp32")
    return model


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_trains_and_loads_as_it_was_trained(kind, tiny_model, packed, tmp_path):
    checkpoint, params = tiny_model("llama"), lora_params(epochs=2, learning_rate=1e-2, **KINDS[kind])
    frozen, _ = load_frozen(checkpoint, params, torch.float32, attention_for("llama"))
    torch.manual_seed(1)
    model = add_adapters(frozen, params)
    untrained = {name: weight.clone() for name, weight in model.named_parameters() if not weight.requires_grad}
    (tmp_path / "logs").mkdir()
    (tmp_path / "checkpoints").mkdir()
    run_trainer(
        model, packed, packed, params, hardware(), seed=5, stage="train", logs=tmp_path / "logs",
        checkpoints=tmp_path / "checkpoints",
    )  # fmt: skip
    losses = [float(line.split()[1]) for line in (tmp_path / "logs/plots/metrics/eval_loss.tsv").open().readlines()[1:]]
    assert losses[1] < losses[0] - 0.01
    assert all(torch.equal(weight, untrained[name]) for name, weight in model.named_parameters() if name in untrained)
    assert {weight.dtype for weight in model.parameters() if weight.requires_grad} == {torch.float32}

    (tmp_path / "out").mkdir()
    save_adapters(model, tmp_path / "out", checkpoint, params.base_precision)
    model.config._attn_implementation = "eager"
    merged = load_model(tmp_path / "out")
    assert difference(logits(merged), logits(model)) < 1e-5
    # what is tied stays tied, or a saved copy would be another model
    assert merged.get_output_embeddings().weight is merged.get_input_embeddings().weight
    assert difference(logits(load_model(checkpoint)), logits(merged)) > 1e-3


def test_the_scale_of_rslora_is_alpha_over_the_root_of_the_rank(tiny_model):
    model = add_adapters(load_model(tiny_model("llama")), lora_params(rank=16, alpha=8, use_rslora=True))
    assert model.base_model.model.model.layers[0].mlp.up_proj.scaling == {"default": 2.0}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("kind", ["dora", "modules_to_save", "lora"])
def test_a_new_adapter_changes_nothing_in_any_precision(kind, dtype, tiny_model):
    checkpoint, params = tiny_model("llama"), lora_params(**KINDS[kind])
    frozen, _ = load_frozen(checkpoint, params, dtype)
    model = add_adapters(frozen, params, dtype)
    with torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
        new = logits(model)
        with model.disable_adapter():
            assert difference(new, logits(model)) < (1e-6 if dtype == torch.float32 else 0.03)


def test_in_half_precision_the_base_is_held_in_it_and_what_is_trained_in_fp32(tiny_model):
    params = lora_params(modules_to_save=["lm_head"])
    model = add_adapters(load_frozen(tiny_model("qwen3"), params, torch.bfloat16)[0], params, torch.bfloat16)
    held = {weight.requires_grad: set() for weight in model.parameters()}
    for weight in model.parameters():
        held[weight.requires_grad].add(weight.dtype)
    assert held == {True: {torch.float32}, False: {torch.bfloat16}}


def test_a_frozen_weight_beyond_the_precision_is_named(tiny_model):
    model = load_model(tiny_model("llama"))
    model.model.layers[0].mlp.up_proj.weight.data[0, 0] = 1e5
    with pytest.raises(UserError, match=r"up_proj.* too large for torch\.float16"):
        add_adapters(model, lora_params(), torch.float16)


@pytest.mark.parametrize("kinds", [("lora", "lora"), ("lora", "qlora"), ("qlora", "lora"), ("lora", "rslora", "lora")])
def test_a_chain_keeps_every_update_when_the_base_is_rounded(kinds, tiny_model, tmp_path):
    """Updates of 1 % of the weights: merged and rounded to bf16 a good part of them would be gone."""
    checkpoint = tiny_model("llama")
    for number, kind in enumerate(kinds):
        model = adapter(tmp_path / str(number), checkpoint, torch.bfloat16, 0.002, **KINDS[kind])
        checkpoint = tmp_path / str(number)
    # what the model computes, without the rounding of a forward pass
    for module in model.modules():
        if hasattr(module, "compute_dtype"):
            module.compute_dtype = torch.float32
    trained, loaded = logits(model.float()), logits(load_model(checkpoint))
    base = load_model(tiny_model("llama"))
    if "qlora" in kinds:
        round_to_nf4(base)
    update = (loaded - logits(base)).norm()
    rounding = (logits(base.bfloat16().float()) - logits(load_model(tiny_model("llama")))).norm() / update
    assert (trained - loaded).norm() / update < max(0.05, 1.5 * rounding)
    assert [name for name, weight in model.named_parameters() if weight.requires_grad and "earlier" in name] == []
    assert {path.name for path in checkpoint.iterdir()} == {
        "adapter_config.json", "adapter_model.safetensors", "model_ref.json",
    }  # fmt: skip


def test_a_chain_that_cannot_be_kept_apart_says_what_it_loses(tiny_model, tmp_path, capsys):
    adapter(tmp_path / "first", tiny_model("llama"), size=0.002)
    params = lora_params(use_dora=True)
    _, costs = load_frozen(tmp_path / "first", params, torch.bfloat16)
    assert 0.01 < costs["earlier_update_lost"] < 2
    assert f"loses {costs['earlier_update_lost']:.1%} of their update" in capsys.readouterr().err
    with pytest.raises(UserError, match=rf"^{tmp_path / 'first'}: .*base_precision"):
        load_frozen(tmp_path / "first", lora_params(use_dora=True, base_precision="nf4"), torch.float32)


def test_qlora_is_loaded_on_the_base_that_it_corrected(tiny_model, tmp_path):
    """Merged into the weights it was not trained on, it answers differently: most of NF4's own error comes back."""
    model = adapter(tmp_path / "qlora", tiny_model("llama"), size=0.02, base_precision="nf4")
    trained = logits(model)
    assert difference(logits(load_model(tmp_path / "qlora")), trained) < 1e-5
    pointer = json.loads((tmp_path / "qlora" / "model_ref.json").read_text())
    (tmp_path / "qlora" / "model_ref.json").write_text(json.dumps(pointer | {"base_precision": "fp32"}))
    assert difference(logits(load_model(tmp_path / "qlora")), trained) > 0.02


def test_an_adapter_whose_base_changed_is_one_line(tiny_model, tmp_path):
    from belle.checkpoints.models import save_weights
    from belle.tokenizer.load import load_tokenizer
    from belle.tokenizer.save import save_tokenizer

    base = load_model(tiny_model("llama"))
    save_weights(base, tmp_path / "base")
    save_tokenizer(load_tokenizer(tiny_model("llama")), tmp_path / "base")
    adapter(tmp_path / "first", tmp_path / "base")
    adapter(tmp_path / "second", tmp_path / "first")
    load_model(tmp_path / "second")
    base.model.norm.weight.data[3] += 1e-3
    save_weights(base, tmp_path / "base")
    with pytest.raises(UserError, match=rf"^{tmp_path / 'first'}: .*other weights than {tmp_path / 'base'} .*again"):
        load_model(tmp_path / "second")


@pytest.mark.parametrize(
    ("key", "names", "hint"),
    [("target_modules", ["q_proj", "k_porj"], "k_proj"), ("modules_to_save", ["embed_token"], "embed_tokens"),
     ("target_modules", ["mlp"], "")],
)  # fmt: skip
def test_unknown_layers_are_named_with_the_nearest(key, names, hint, tiny_model):
    with pytest.raises(UserError, match=rf"^params\.yaml: train\.lora\.{key}: .*{names[-1]}.*{hint}"):
        add_adapters(load_model(tiny_model("llama")), lora_params(**{key: names}))


# LLaMA (Touvron et al. 2023, table 2): width, width of the feed-forward layer, layers, heads
SIZES = {"7b": (4096, 11008, 32, 32), "13b": (5120, 13824, 40, 40)}
PAPER = ["q_proj", "k_proj", "v_proj", "gate_proj", "up_proj", "down_proj"]


@pytest.mark.parametrize(
    ("size", "rank", "targets", "parameters"),
    [
        ("7b", 8, PAPER, 17_891_328),
        ("13b", 8, PAPER, 28_016_640),
        ("7b", 8, "all-linear", 19_988_480),
        ("7b", 16, "all-linear", 39_976_960),
    ],
)
def test_the_settings_of_belle_train_as_many_parameters_as_it_reports(size, rank, targets, parameters):
    from transformers import LlamaConfig, LlamaForCausalLM

    width, inner, layers, heads = SIZES[size]
    config = LlamaConfig(
        hidden_size=width, intermediate_size=inner, num_hidden_layers=layers, num_attention_heads=heads
    )
    with torch.device("meta"):
        model = add_adapters(LlamaForCausalLM(config), lora_params(rank=rank, target_modules=targets))
    assert sum(weight.numel() for weight in model.parameters() if weight.requires_grad) == parameters


class Killed(Exception):
    """In place of a signal."""


@pytest.mark.parametrize("kind", ["lora", "qlora"])
def test_a_chain_that_is_killed_goes_on_with_its_own_adapter(kind, tiny_model, packed, tmp_path, monkeypatch):
    adapter(tmp_path / "first", tiny_model("llama"), size=0.02)

    def train(name: str, steps: float = math.inf) -> dict[str, torch.Tensor]:
        params, done, step = lora_params(batch_size=2, epochs=2, **KINDS[kind]), iter(range(99)), Trainer.training_step
        frozen, _ = load_frozen(tmp_path / "first", params, torch.bfloat16, attention_for("llama"))
        torch.manual_seed(1)
        model = add_adapters(frozen, params, torch.bfloat16)
        for folder in ("logs", "checkpoints"):
            (tmp_path / name / folder).mkdir(parents=True, exist_ok=True)

        def training_step(*arguments):
            if next(done) >= steps:
                raise Killed
            return step(*arguments)

        monkeypatch.setattr(Trainer, "training_step", training_step)
        try:
            run_trainer(
                model, packed, packed, params, hardware(precision="bf16", micro_batch_size=2, checkpoint_minutes=0),
                seed=5, stage="train", logs=tmp_path / name / "logs", checkpoints=tmp_path / name / "checkpoints",
            )  # fmt: skip
        finally:
            monkeypatch.setattr(Trainer, "training_step", step)
        return {key: weight.detach() for key, weight in model.named_parameters() if weight.requires_grad}

    whole = train("whole")
    with pytest.raises(Killed):
        train("killed", 3)
    assert list((tmp_path / "killed" / "checkpoints").iterdir())
    resumed = train("killed")
    assert all(torch.equal(weight, whole[key]) for key, weight in resumed.items())
