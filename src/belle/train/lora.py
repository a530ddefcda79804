"""LoRA through PEFT: low-rank adapters on frozen weights (Hu et al. 2021, arXiv 2106.09685)."""

from pathlib import Path

from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel

from belle.checkpoints.models import save_weights
from belle.checkpoints.resolve import ADAPTER_CONFIG
from belle.config.train import LoraParams
from belle.errors import UserError
from belle.files import write_json


def add_adapters(model: PreTrainedModel, params: LoraParams) -> PeftModel:
    """Freeze `model` and give the target layers trainable adapters.

    Raises:
        UserError: a target names no linear layer of this model.
    """
    if params.target_modules != "all-linear":
        _refuse_unknown_targets(model, params.target_modules)
    config = LoraConfig(
        r=params.rank,
        lora_alpha=params.alpha,
        lora_dropout=params.dropout,
        target_modules=params.target_modules,
        task_type="CAUSAL_LM",
    )
    return get_peft_model(model, config)


def save_adapters(model: PeftModel, directory: Path) -> None:
    """Write the adapter as PEFT does, its configuration without machine paths and in a stable order."""
    save_weights(model, directory)
    (directory / "README.md").unlink(missing_ok=True)
    config = model.peft_config["default"].to_dict()
    config["base_model_name_or_path"] = None
    ordered = {key: sorted(value) if isinstance(value, set) else value for key, value in sorted(config.items())}
    write_json(directory / ADAPTER_CONFIG, ordered)


def _refuse_unknown_targets(model: PreTrainedModel, target_modules: list[str]) -> None:
    known = {name.rsplit(".", 1)[-1] for name, _ in model.named_modules()}
    missing = [target for target in target_modules if target not in known]
    if missing:
        raise UserError(f"params.yaml: train.lora.target_modules: this model has no layer named {', '.join(missing)}")
