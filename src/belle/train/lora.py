"""LoRA through PEFT: low-rank adapters on frozen weights (Hu et al. 2021, arXiv 2106.09685).

With it rsLoRA (Kalajdzievski 2023, arXiv 2312.03732), DoRA (Liu et al. 2024, arXiv 2402.09353) and QLoRA (Dettmers et
al. 2023, arXiv 2305.14314). docs/training.md says what is held in which precision, and why.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.lora import LoraLayer
from peft.utils.integrations import dequantize_module_weight
from transformers import PreTrainedModel

from belle.checkpoints.adapters import NF4, read_base_precision, refuse_changed_base, write_base_pointer
from belle.checkpoints.models import ADAPTER, load_base, load_model, readable, save_weights
from belle.checkpoints.nf4 import quantize_to_nf4, round_to_nf4
from belle.checkpoints.precision import unfit_weight, update_lost
from belle.checkpoints.resolve import ADAPTER_CONFIG, ResolvedCheckpoint, resolve_checkpoint
from belle.config.hardware import HardwareProfile
from belle.config.messages import nearest
from belle.config.train import LoraParams
from belle.errors import UserError
from belle.files import read_json_object, write_json
from belle.train.deepspeed import partitioned_weights


def load_frozen(
    checkpoint: Path,
    params: LoraParams,
    dtype: torch.dtype,
    attention: str | None = None,
    hardware: HardwareProfile | None = None,
) -> tuple[PreTrainedModel | PeftModel, dict[str, float]]:
    """Load what new adapters are trained on; return it and what its precision costs, by the name of a metric.

    In fp32 earlier adapters are merged. In half precision and on an NF4 base they stay beside the weights, frozen:
    merged, much of their small update would be rounded away. Where PEFT cannot add new adapters beside them (DoRA,
    modules_to_save) they are merged, and what that loses is measured and printed.

    Args:
        checkpoint: the model to start from.
        params: section `train.lora`.
        dtype: of the forward pass.
        attention: name of the implementation, None leaves it to transformers.
        hardware: the profile; at ZeRO's stage 3 each process keeps its part of every weight, where PEFT allows it.

    Raises:
        UserError: a model that cannot be loaded, or earlier adapters that an NF4 base cannot have.
    """
    files, is_nf4 = resolve_checkpoint(checkpoint), params.base_precision == NF4
    if dtype == torch.float32 and not is_nf4:
        return load_model(checkpoint, attention), {}
    refuse_changed_base(files)
    if merged := [path for path in files.adapters if params.use_dora or not _is_additive(path)]:
        if is_nf4:
            raise UserError(
                f"{merged[0]}: this adapter cannot stay beside an NF4 base (DoRA or modules_to_save, of it or of "
                "train.lora); set train.lora.base_precision to hardware"
            )
        return _merged(files, checkpoint, dtype, attention)
    if hardware and hardware.zero_stage == 3 and _can_be_cut(files, params, dtype):
        with partitioned_weights(hardware, dtype):
            return load_base(files.base, attention, dtype), {}
    model = load_base(files.base, attention, "auto")
    costs = {"base_quantization_error": quantize_to_nf4(model, dtype)} if is_nf4 else {}
    if not is_nf4 and any(read_base_precision(adapter) == NF4 for adapter in files.adapters):
        round_to_nf4(model)
    for number, adapter in enumerate(files.adapters):
        with readable(adapter):
            if isinstance(model, PeftModel):
                model.load_adapter(adapter, f"earlier{number}", local_files_only=True)
            else:
                model = PeftModel.from_pretrained(model, adapter, f"earlier{number}", local_files_only=True)
    return model, costs


def add_adapters(
    model: PreTrainedModel | PeftModel, params: LoraParams, dtype: torch.dtype = torch.float32
) -> PeftModel:
    """Freeze `model` and give the target layers trainable adapters.

    Args:
        model: from `load_frozen`.
        params: section `train.lora`.
        dtype: precision to hold the frozen weights in; what is trained is held in fp32.

    Raises:
        UserError: a name in target_modules or modules_to_save that no layer of this model has, or a weight that
            `dtype` cannot hold.
    """
    targets = [] if params.target_modules == "all-linear" else params.target_modules
    linear = (name for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear | LoraLayer))
    _refuse_unknown("target_modules", targets, linear)
    _refuse_unknown("modules_to_save", params.modules_to_save or [], (name for name, _ in model.named_modules()))
    config = LoraConfig(
        r=params.rank,
        lora_alpha=params.alpha,
        lora_dropout=params.dropout,
        target_modules=params.target_modules,
        use_rslora=params.use_rslora,
        use_dora=params.use_dora,
        modules_to_save=params.modules_to_save or None,
        # embeddings and output layer that are one matrix stay one
        ensure_weight_tying=bool(params.modules_to_save) and model.config.tie_word_embeddings,
        task_type="CAUSAL_LM",
    )
    if isinstance(model, PeftModel):
        earlier = list(model.peft_config)
        model.add_adapter(ADAPTER, config)
        model.set_adapter(ADAPTER)
        model.base_model.set_adapter([*earlier, ADAPTER])
        for name, weight in model.named_parameters():
            if any(f".{one}." in name for one in earlier):
                weight.requires_grad_(False)
    else:
        model = get_peft_model(model, config)
    if params.use_dora:
        _start_magnitudes(model)
    _hold(model, dtype)
    return model


def save_adapters(model: PeftModel, directory: Path, checkpoint: Path, base_precision: str) -> None:
    """Write the adapter as PEFT does, its configuration without machine paths and in a stable order, and its pointer.

    Args:
        model: with the trained adapter.
        directory: that receives it.
        checkpoint: the model it was trained on.
        base_precision: `nf4`, or the hardware's precision.
    """
    save_weights(model, directory)
    (directory / "README.md").unlink(missing_ok=True)
    config = model.peft_config[ADAPTER].to_dict()
    config["base_model_name_or_path"] = None
    ordered = {key: sorted(value) if isinstance(value, set) else value for key, value in sorted(config.items())}
    write_json(directory / ADAPTER_CONFIG, ordered)
    write_base_pointer(directory, checkpoint, base_precision)


def _can_be_cut(files: ResolvedCheckpoint, params: LoraParams, dtype: torch.dtype) -> bool:
    """Return whether adapters can be added to weights that are cut into parts: not where whole ones are looked at.

    That is done for earlier adapters, the norms of DoRA, copies of `modules_to_save`, and to see whether fp16 fits.
    """
    return dtype == torch.bfloat16 and not (files.adapters or params.use_dora or params.modules_to_save)


def _is_additive(adapter: Path) -> bool:
    """Return whether an adapter adds to the output of its layers, whatever else does."""
    config = read_json_object(adapter / ADAPTER_CONFIG, "train the adapter again")
    return not config.get("use_dora") and not config.get("modules_to_save")


def _merged(
    files: ResolvedCheckpoint, checkpoint: Path, dtype: torch.dtype, attention: str | None
) -> tuple[PreTrainedModel, dict[str, float]]:
    model = load_model(checkpoint, attention)
    lost = update_lost(model, load_base(files.base, dtype="auto"), dtype)
    print(
        f"note: {checkpoint}: DoRA and modules_to_save need one base: its adapters are merged and rounded to {dtype}, "
        f"which loses {lost:.1%} of their update",
        file=sys.stderr,
    )
    return model, {"earlier_update_lost": lost}


@torch.no_grad()
def _start_magnitudes(model: PeftModel) -> None:
    """Set DoRA's magnitudes to the exact norms of the rows; PEFT rounds them to the precision of the base."""
    for layer in model.modules():
        if isinstance(layer, LoraLayer) and ADAPTER in layer.lora_magnitude_vector:
            norms = dequantize_module_weight(layer.get_base_layer()).float().norm(dim=1)
            layer.lora_magnitude_vector[ADAPTER].weight.data = norms


def _hold(model: PeftModel, dtype: torch.dtype) -> None:
    """Cast trained weights and adapters to fp32, the frozen rest to `dtype`, one by one in place."""
    if name := unfit_weight(model, dtype):
        raise UserError(f"weight {name} is too large for {dtype}; choose a hardware profile of another precision")
    for name, weight in model.named_parameters():
        is_adapter = weight.requires_grad or ".lora_" in name
        if weight.is_floating_point():
            weight.data = weight.data.to(torch.float32 if is_adapter else dtype)


def _refuse_unknown(key: str, names: list[str], layers: Iterable[str]) -> None:
    known = sorted({part for name in layers if not (part := name.rpartition(".")[2]).isdecimal()})
    if missing := [name for name in names if name not in known]:
        hint = nearest(missing[0], known)
        raise UserError(f"params.yaml: train.lora.{key}: this model has no such layer: {', '.join(missing)}{hint}")
