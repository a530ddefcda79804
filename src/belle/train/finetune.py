"""Instruction tuning: full fine-tuning, or LoRA adapters on frozen weights."""

import shutil
from pathlib import Path

import torch
from transformers import PreTrainedModel, set_seed
from transformers.integrations.deepspeed import unset_hf_deepspeed_config

from belle.checkpoints.adapters import NF4
from belle.checkpoints.models import load_model, refuse_larger_tokenizer, save_weights
from belle.checkpoints.precision import DTYPES, save_dtype, update_lost
from belle.checkpoints.resolve import architecture, resolve_checkpoint
from belle.config.hardware import HardwareProfile
from belle.config.train import FullFinetuneParams, TrainParams
from belle.config.training import TrainingParams
from belle.data.packed_dataset import PackedDataset
from belle.tokenizer.load import read_tokenizer
from belle.train.callbacks import rounded
from belle.train.deepspeed import gather_weights
from belle.train.load import load_trainable
from belle.train.logs import add_to_summary
from belle.train.lora import add_adapters, load_frozen, save_adapters
from belle.train.trainer import attention_for, run_trainer


def finetune(
    checkpoint: Path,
    tokens: Path,
    params: TrainParams,
    hardware: HardwareProfile,
    seed: int,
    out: Path,
    logs: Path,
    checkpoints: Path,
) -> dict[str, int]:
    """Fine-tune a checkpoint on packed conversations; return the tokens and steps done.

    The tokenizer of `tokens` is saved with the model, so that it answers in the template it was trained with.

    Args:
        checkpoint: the checkpoint to start from.
        tokens: data/tokens: `train/`, `eval/` and `tokenizer/`.
        params: method and its settings.
        hardware: how a batch is computed.
        seed: of adapters, data order and dropout.
        out: existing directory that receives the model, or the adapter with a pointer to `checkpoint`.
        logs: existing directory for summary and curves.
        checkpoints: existing directory of what a killed run goes on from.
    """
    costs: dict[str, float] = {}
    settings: TrainingParams = params.lora if params.method == "lora" else params.ft
    train, held_out = PackedDataset(tokens / "train"), PackedDataset(tokens / "eval")
    if params.method == "lora":
        dtype, attention = DTYPES[hardware.precision], attention_for(architecture(resolve_checkpoint(checkpoint)))
        frozen, costs = load_frozen(checkpoint, params.lora, dtype, attention, hardware)
        # adapters start from random numbers
        set_seed(seed)
        model = add_adapters(frozen, params.lora, dtype)
    else:
        model = load_trainable(checkpoint, hardware)
    refuse_larger_tokenizer(model, read_tokenizer(tokens / "tokenizer"), tokens / "tokenizer")
    trainer, work = run_trainer(
        model, train, held_out, settings, hardware, seed=seed, stage="train", logs=logs, checkpoints=checkpoints
    )
    if gather_weights(trainer):
        if params.method == "lora":
            is_nf4 = params.lora.base_precision == NF4
            save_adapters(model, out, checkpoint, NF4 if is_nf4 else hardware.precision)
        else:
            costs = _save_trained(model, checkpoint, params.ft, out)
        shutil.copytree(tokens / "tokenizer", out, dirs_exist_ok=True)
        if costs:
            add_to_summary(logs, {name: rounded(value) for name, value in costs.items()})
    return work


def _save_trained(model: PreTrainedModel, checkpoint: Path, params: FullFinetuneParams, out: Path) -> dict[str, float]:
    """Write the trained model; return what storing it loses, by the name of a metric."""
    dtype, costs = save_dtype(params.save_precision, checkpoint), {}
    if dtype != torch.float32:
        # ZeRO's stage 3 would cut what is loaded into parts
        unset_hf_deepspeed_config()
        costs["update_lost"] = update_lost(model, load_model(checkpoint, as_stored=True), dtype)
    save_weights(model, out, dtype)
    return costs
