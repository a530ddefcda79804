"""Train a model on packed rows with the Hugging Face Trainer; pre-training and tuning share it."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel, Trainer, TrainingArguments, set_seed
from transformers.trainer_callback import PrinterCallback

from belle.config.train import HardwareProfile, Schedule
from belle.errors import UserError
from belle.files import write_json
from belle.progress import progress
from belle.tokenizer.token_rows import TokenRows
from belle.train.attention import PACKED
from belle.train.collator import FlatCollator, PaddedCollator
from belle.train.curves import CurveLog, Curves, mean_loss, rounded

LOGGED_POINTS = 100
"""Points of a training curve, at most."""


def fit(
    model: PreTrainedModel,
    rows: TokenRows,
    held_out: TokenRows,
    schedule: Schedule,
    hardware: HardwareProfile,
    *,
    seed: int,
    stage: str,
    metrics_dir: Path,
) -> dict[str, int]:
    """Train `model` in place; write `metrics.json` and `plots/` into `metrics_dir`; return the tokens and steps done.

    Args:
        model: on CPU, loaded with `attention_for`.
        rows: what to train on, one item a packed row.
        held_out: rows for the evaluation loss.
        schedule: learning rate, epochs, batch size.
        hardware: how a batch is computed.
        seed: of the row order and of dropout.
        stage: name of the metrics, `pretrain` or `train`.
        metrics_dir: existing directory.

    Raises:
        UserError: the hardware profile does not fit this machine or this batch size, or a row the model.
    """
    accumulation = accumulation_steps(schedule.batch_size, hardware)
    _refuse_too_long(model, rows)
    set_seed(seed)
    if hardware.gradient_checkpointing:
        model.enable_input_require_grads()
    collator, caches = collator_for(model), model.config.use_cache
    steps = -(-len(rows) // schedule.batch_size) * schedule.epochs
    with TemporaryDirectory() as scratch, progress(f"{stage}: training", steps, "steps") as bar:
        live = CurveLog(metrics_dir)
        curves = Curves(live, stage, bar, lambda m: mean_loss(m, held_out, collator, hardware.rows_per_step))
        arguments = _arguments(schedule, hardware, accumulation, seed, max(1, steps // LOGGED_POINTS), scratch)
        trainer = Trainer(model, arguments, collator, rows, callbacks=[curves])
        trainer.remove_callback(PrinterCallback)
        loss = trainer.train().training_loss
        live.end()
    # the Trainer switches it off in the configuration, which is saved with the model
    model.config.use_cache = caches
    # in place of DVCLive's summary: every fact under the stage's name, so that columns of `dvc exp show` stay apart
    facts = _facts(model, rows, schedule, steps, loss) | live.summary[stage]
    # it ends near 0 by design; the curve has it
    del facts["learning_rate"]
    write_json(metrics_dir / "metrics.json", {stage: facts})
    return {"tokens": facts["tokens_seen"], "steps": facts["steps"]}


def attention_for(architecture: str) -> str:
    """Attention implementation that keeps packed segments apart; BLOOM's attention cannot be replaced."""
    return "eager" if architecture == "bloom" else PACKED


def collator_for(model: PreTrainedModel) -> Callable:
    """The collator that goes with the model's attention implementation."""
    if model.config._attn_implementation == PACKED:
        return FlatCollator()
    return PaddedCollator()


def accumulation_steps(batch_size: int, hardware: HardwareProfile) -> int:
    """Forward passes a process adds up for one optimiser step, so that every hardware sees the same batch."""
    if hardware.device == "cuda" and not torch.cuda.is_available():
        raise UserError("params.yaml: train.profile: this profile needs a GPU and there is none; use 'cpu'")
    if hardware.processes > 1 or hardware.zero_stage:
        raise UserError(
            "params.yaml: train.profile: training in several processes is not built yet; use 'cpu' or '1gpu'"
        )
    if batch_size % hardware.rows_per_step:
        raise UserError(
            f"params.yaml: batch_size: {batch_size} is not a multiple of rows_per_step {hardware.rows_per_step} in the "
            "hardware profile (train.profile)"
        )
    return batch_size // hardware.rows_per_step


def _refuse_too_long(model: PreTrainedModel, rows: TokenRows) -> None:
    longest, positions = int(np.diff(rows.segments).max()), getattr(model.config, "max_position_embeddings", None)
    if positions is not None and longest > positions:
        raise UserError(
            f"params.yaml: max_length: a row to train on has {longest} tokens, this model knows {positions} positions; "
            "lower tokenize.max_length and pretrain.max_length"
        )


def _arguments(
    schedule: Schedule,
    hardware: HardwareProfile,
    accumulation: int,
    seed: int,
    logging_steps: int,
    scratch: str,
) -> TrainingArguments:
    return TrainingArguments(
        output_dir=scratch,
        per_device_train_batch_size=hardware.rows_per_step,
        gradient_accumulation_steps=accumulation,
        num_train_epochs=schedule.epochs,
        learning_rate=schedule.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=schedule.warmup_ratio,
        weight_decay=schedule.weight_decay,
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


def _facts(model: torch.nn.Module, rows: TokenRows, schedule: Schedule, steps: int, loss: float) -> dict[str, Any]:
    trainable = sum(weights.numel() for weights in model.parameters() if weights.requires_grad)
    return {
        "trainable_parameters": trainable,
        "steps": steps,
        "tokens_seen": len(rows.ids) * schedule.epochs,
        "mean_loss": rounded(loss),
    }
