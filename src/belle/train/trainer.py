"""Train a model on packed sequences with the Hugging Face Trainer; pre-training and fine-tuning share it."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel, Trainer, TrainingArguments, set_seed
from transformers.trainer_callback import PrinterCallback

from belle.config.hardware import HardwareProfile
from belle.config.training import TrainingParams
from belle.data.packed_dataset import PackedDataset
from belle.errors import UserError
from belle.files import write_json
from belle.progress import progress
from belle.train.attention import PACKED
from belle.train.callbacks import MetricLog, TrainingCallback, mean_loss, rounded
from belle.train.collator import FlatCollator, PaddedCollator
from belle.train.logs import SUMMARY
from belle.train.loss import chunked_loss
from belle.train.padded import pad_in_groups

LOGGED_POINTS = 100
"""Points of a training curve, at most."""


def run_trainer(
    model: PreTrainedModel,
    train: PackedDataset,
    held_out: PackedDataset,
    params: TrainingParams,
    hardware: HardwareProfile,
    *,
    seed: int,
    stage: str,
    logs: Path,
) -> dict[str, int]:
    """Train `model` in place; write summary and curves into `logs`; return the tokens and steps done.

    Args:
        model: on CPU, loaded with `attention_for`.
        train: packed sequences to train on.
        held_out: packed sequences for the evaluation loss.
        params: learning rate, epochs, batch size.
        hardware: how a batch is computed.
        seed: of the training order and of dropout.
        stage: `pretrain` or `train`, for messages.
        logs: existing directory.

    Raises:
        UserError: the hardware profile does not fit this machine, or a segment is too long for the model.
    """
    accumulation = accumulation_steps(params.batch_size, hardware)
    _refuse_too_long(model, train, "pretrain.max_length" if stage == "pretrain" else "tokenize.max_length")
    set_seed(seed)
    if hardware.gradient_checkpointing:
        model.enable_input_require_grads()
    collator, caches = collator_for(model), model.config.use_cache
    steps = -(-len(train) // params.batch_size) * params.epochs
    with TemporaryDirectory(dir=logs) as scratch, progress(f"{stage}: training", steps, "steps") as bar:
        live = MetricLog(logs)
        callback = TrainingCallback(
            live, stage, bar, lambda m: mean_loss(m, held_out, collator, hardware.micro_batch_size)
        )
        arguments = _arguments(params, hardware, accumulation, seed, max(1, steps // LOGGED_POINTS), scratch)
        trainer = Trainer(model, arguments, collator, train, callbacks=[callback])
        trainer.remove_callback(PrinterCallback)
        with chunked_loss(model):
            loss = trainer.train().training_loss
        live.end()
    # the Trainer switches it off in the configuration, which is saved with the model
    model.config.use_cache = caches
    summary = _summary(model, train, params, steps, loss)
    # not the learning rate: it ends near 0 by design; the curve has it
    summary |= {name: live.summary[name] for name in ("loss", "eval_loss")}
    # in place of DVCLive's own
    write_json(logs / SUMMARY, summary)
    return {"tokens": summary["tokens_seen"], "steps": summary["steps"]}


def attention_for(architecture: str) -> str:
    """Return the attention implementation that keeps packed segments apart; BLOOM's own cannot be replaced."""
    return "eager" if architecture == "bloom" else PACKED


def collator_for(model: PreTrainedModel) -> Callable:
    """Return the collator that fits the model's attention; prepare a model whose own cannot be replaced."""
    if model.config._attn_implementation == PACKED:
        return FlatCollator()
    pad_in_groups(model)
    return PaddedCollator()


def accumulation_steps(batch_size: int, hardware: HardwareProfile) -> int:
    """Return the forward passes per optimizer step and process: every hardware trains on the same batches."""
    if hardware.device == "cuda" and not torch.cuda.is_available():
        raise UserError("params.yaml: hardware: this profile needs a GPU and there is none; use 'cpu'")
    return batch_size // (hardware.micro_batch_size * hardware.num_processes)


def _refuse_too_long(model: PreTrainedModel, train: PackedDataset, key: str) -> None:
    longest, positions = int(np.diff(train.segments).max()), getattr(model.config, "max_position_embeddings", None)
    if positions is not None and longest > positions:
        raise UserError(
            f"params.yaml: {key}: a segment has {longest} tokens, this model knows {positions} positions; "
            "lower it to that"
        )


def _arguments(
    params: TrainingParams,
    hardware: HardwareProfile,
    accumulation: int,
    seed: int,
    logging_steps: int,
    scratch: str,
) -> TrainingArguments:
    arguments = TrainingArguments(
        output_dir=scratch,
        per_device_train_batch_size=hardware.micro_batch_size,
        gradient_accumulation_steps=accumulation,
        num_train_epochs=params.epochs,
        learning_rate=params.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=params.warmup_ratio,
        weight_decay=params.weight_decay,
        max_grad_norm=1.0,
        bf16=hardware.precision == "bf16",
        fp16=hardware.precision == "fp16",
        activation_checkpointing=hardware.gradient_checkpointing,
        use_cpu=hardware.device == "cpu",
        use_cache=False,
        seed=seed,
        logging_steps=logging_steps,
        logging_nan_inf_filter=False,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=hardware.device == "cuda",
    )
    one_device(arguments)
    return arguments


def one_device(arguments: TrainingArguments) -> None:
    """Keep a process to one GPU: on a host with more, the Trainer would cut every batch in pieces (DataParallel)."""
    if arguments.n_gpu > 1:
        arguments._n_gpu = 1


def _summary(
    model: torch.nn.Module, packed: PackedDataset, params: TrainingParams, steps: int, loss: float
) -> dict[str, Any]:
    trainable = sum(weights.numel() for weights in model.parameters() if weights.requires_grad)
    return {
        "trainable_parameters": trainable,
        "steps": steps,
        "tokens_seen": len(packed.ids) * params.epochs,
        "mean_loss": rounded(loss),
    }
