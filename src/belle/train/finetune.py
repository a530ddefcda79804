"""Instruction tuning: full fine-tuning, or LoRA adapters on frozen weights."""

import shutil
from pathlib import Path

from transformers import set_seed

from belle.checkpoints.models import load_model, save_weights
from belle.checkpoints.resolve import POINTER, architecture, resolve_checkpoint
from belle.config.hardware import HardwareProfile
from belle.config.train import TrainParams
from belle.data.packed_dataset import PackedDataset
from belle.files import write_json
from belle.train.lora import add_adapters, save_adapters
from belle.train.deepspeed import full_weights
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
    model = load_model(checkpoint, attention_for(architecture(resolve_checkpoint(checkpoint))))
    train, held_out = PackedDataset(tokens / "train"), PackedDataset(tokens / "eval")
    # adapters start from random numbers
    set_seed(seed)
    if params.method == "lora":
        model = add_adapters(model, params.lora)
    settings = params.lora if params.method == "lora" else params.ft
    trainer, work = run_trainer(
        model, train, held_out, settings, hardware, seed=seed, stage="train", logs=logs, checkpoints=checkpoints
    )
    with full_weights(trainer) as first:
        if first and params.method == "lora":
            save_adapters(model, out)
            write_json(out / POINTER, {"path": checkpoint.as_posix()})
        elif first:
            save_weights(model, out)
    if first:
        shutil.copytree(tokens / "tokenizer", out, dirs_exist_ok=True)
    return work
