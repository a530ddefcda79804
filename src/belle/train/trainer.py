"""Train a model on packed sequences with the Hugging Face Trainer; pre-training and fine-tuning share it."""

from collections.abc import Callable
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel, TrainingArguments, set_seed
from transformers.trainer_callback import PrinterCallback

from belle.config.hardware import HardwareProfile
from belle.config.training import TrainingParams
from belle.data.packed_dataset import PackedDataset
from belle.errors import UserError
from belle.files import write_json
from belle.libraries.deepspeed_setup import set_up_deepspeed
from belle.progress import progress
from belle.train.attention import PACKED
from belle.train.batches import EpochSampler, EvenDataset, micro_batch_size
from belle.train.callbacks import TrainingCallback, mean_loss
from belle.train.checkpoint_callback import CheckpointCallback
from belle.train.checkpoints import last_checkpoint
from belle.train.collator import FlatCollator, PaddedCollator
from belle.train.deepspeed import deepspeed_config
from belle.train.logs import SUMMARY
from belle.train.loss import chunked_loss
from belle.train.packed_trainer import PackedTrainer
from belle.train.padded import pad_in_groups

LOGGED_POINTS = 100
"""Points of a training curve, at most."""
TABLES = {"pretrain": "data/clean/texts.parquet", "train": "data/clean/conversations.parquet"}


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
    checkpoints: Path,
) -> tuple[PackedTrainer, dict[str, int]]:
    """Train `model` in place; write summary and curves into `logs`; return the trainer, and the tokens and steps done.

    Args:
        model: on CPU, loaded with `attention_for`.
        train: packed sequences to train on.
        held_out: packed sequences for the evaluation loss.
        params: learning rate, epochs, batch size.
        hardware: how a batch is computed.
        seed: of the training order and of dropout.
        stage: `pretrain` or `train`, for messages.
        logs: existing directory.
        checkpoints: existing directory; training goes on from the last checkpoint in it.

    Raises:
        UserError: the hardware profile does not fit this machine, a segment is too long for the model, training
            diverges, or a checkpoint cannot be written.
    """
    refuse_missing_kernels(hardware)
    _refuse_too_long(model, train, "pretrain.max_length" if stage == "pretrain" else "tokenize.max_length")
    set_seed(seed)
    if hardware.zero_stage:
        set_up_deepspeed()
    if hardware.gradient_checkpointing:
        model.enable_input_require_grads()
    collator, caches = collator_for(model), model.config.use_cache
    steps = -(-len(train) // params.batch_size) * params.epochs
    micro_batch = micro_batch_size(params.batch_size, hardware)
    sampler = EpochSampler(EvenDataset(train, micro_batch * hardware.world_size), seed)
    with progress(f"{stage}: training", steps, "steps") as bar:
        callback = TrainingCallback(
            logs, sampler, bar, lambda trained: mean_loss(trained, held_out, collator, micro_batch, hardware.precision)
        )
        arguments = _arguments(params, hardware, micro_batch, seed, max(1, steps // LOGGED_POINTS), checkpoints)
        callbacks = [callback, CheckpointCallback(hardware.checkpoint_minutes)]
        trainer = PackedTrainer(model, arguments, collator, sampler, TABLES[stage], callbacks)
        trainer.remove_callback(PrinterCallback)
        last = last_checkpoint(checkpoints)
        # sharded weights are gathered for the output layer alone, not for the loss
        with chunked_loss(model) if hardware.zero_stage < 3 else nullcontext():
            trainer.train(resume_from_checkpoint=str(last) if last else None)
    # the Trainer switches it off in the configuration, which is saved with the model
    model.config.use_cache = caches
    summary = _summary(model, train, params, steps)
    if callback.live:
        # not the learning rate: it ends near 0 by design; the curve has it
        summary |= {name: callback.live.summary[name] for name in ("loss", "eval_loss")}
        # in place of DVCLive's own
        write_json(logs / SUMMARY, summary)
    return trainer, {"tokens": summary["tokens_seen"], "steps": summary["steps"]}


def attention_for(architecture: str) -> str:
    """Return the attention implementation that keeps packed segments apart; BLOOM's own cannot be replaced."""
    return "eager" if architecture == "bloom" else PACKED


def collator_for(model: PreTrainedModel) -> Callable:
    """Return the collator that fits the model's attention; prepare a model whose own cannot be replaced."""
    if model.config._attn_implementation == PACKED:
        return FlatCollator()
    pad_in_groups(model)
    return PaddedCollator()


def refuse_missing_kernels(hardware: HardwareProfile) -> None:
    """Raise a UserError when the profile asks for kernels that are not installed."""
    if hardware.fused_kernels and hardware.device == "cuda" and find_spec("liger_kernel") is None:
        raise UserError(
            "hardware: the profile sets fused_kernels, and liger-kernel is not installed: pip install -e '.[gpu]', or "
            "set fused_kernels to false"
        )


def _refuse_too_long(model: PreTrainedModel, train: PackedDataset, key: str) -> None:
    longest, positions = int(np.diff(train.segments).max()), getattr(model.config, "max_position_embeddings", None)
    if positions is not None and longest > positions:
        raise UserError(
            f"params.yaml: {key}: a segment has {longest} tokens, this model knows {positions} positions; "
            "lower it to that"
        )


def _arguments(
    params: TrainingParams, hardware: HardwareProfile, micro_batch: int, seed: int, logging_steps: int, folder: Path
) -> TrainingArguments:
    on_gpu, deepspeed = hardware.device == "cuda", bool(hardware.zero_stage)
    arguments = TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=micro_batch,
        gradient_accumulation_steps=params.batch_size // (micro_batch * hardware.world_size),
        num_train_epochs=params.epochs,
        learning_rate=params.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=params.warmup_ratio,
        weight_decay=params.weight_decay,
        max_grad_norm=1.0,
        deepspeed=deepspeed_config(hardware) if deepspeed else None,
        # DeepSpeed has its own
        bf16=hardware.precision == "bf16" and not deepspeed,
        fp16=hardware.precision == "fp16" and not deepspeed,
        activation_checkpointing=hardware.gradient_checkpointing,
        torch_compile=hardware.torch_compile,
        use_liger_kernel=hardware.fused_kernels and on_gpu,
        # the loss is computed at labelled positions only
        liger_kernel_config={"cross_entropy": False, "fused_linear_cross_entropy": False},
        use_cpu=not on_gpu,
        ddp_backend=None if on_gpu or hardware.world_size == 1 else "gloo",
        ddp_find_unused_parameters=False,
        use_cache=False,
        seed=seed,
        logging_steps=logging_steps,
        logging_nan_inf_filter=False,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=on_gpu,
    )
    if on_gpu and hardware.world_size == 1:
        # the Trainer would cut every batch over all GPUs that it sees
        arguments._n_gpu = 1
    return arguments


def _summary(model: torch.nn.Module, packed: PackedDataset, params: TrainingParams, steps: int) -> dict[str, Any]:
    # DeepSpeed's stage 3 leaves an empty tensor where it has cut the weights into parts
    sizes = (getattr(weights, "ds_numel", weights.numel()) for weights in model.parameters() if weights.requires_grad)
    return {"trainable_parameters": sum(sizes), "steps": steps, "tokens_seen": len(packed.ids) * params.epochs}
