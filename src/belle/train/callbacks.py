"""What training reports while it runs: curves through DVCLive, a progress bar, the held-out loss."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from dvclive import Live
from torch.utils.data import DataLoader
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from belle.data.packed_dataset import PackedDataset
from belle.errors import UserError
from belle.progress import Bar
from belle.train.collator import IGNORED


class MetricLog(Live):
    """A DVCLive log: curves in `directory`/plots/metrics, the last values in `summary`."""

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), dvcyaml=False, save_dvc_exp=False, report=None)

    def _init_dvc(self) -> None:
        """Look for no repository: DVCLive fails in one without commits, and stages files under `dvc exp run`."""


class TrainingCallback(TrainerCallback):
    """Logs training loss, learning rate and, after every epoch, held-out loss, all at real optimizer steps.

    Args:
        live: the log, on the main process.
        stage: `pretrain` or `train`, for error messages.
        bar: advanced by one every optimizer step.
        held_out: computes the held-out loss of a model.
    """

    def __init__(self, live: Live, stage: str, bar: Bar, held_out: Callable[[torch.nn.Module], float]) -> None:
        self.live, self.stage, self.bar, self.held_out = live, stage, bar, held_out
        self.note = ""

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Advance the bar."""
        self.bar.advance(note=self.note)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float],
        **_: Any,
    ) -> None:
        """Log what the Trainer reports at its logging steps.

        Raises:
            UserError: the loss is not a number any more.
        """
        if "loss" not in logs:
            return
        if not math.isfinite(logs["loss"]):
            raise UserError(
                f"{self.stage}: the loss is {logs['loss']} at step {state.global_step}: training diverged; lower "
                "learning_rate or raise warmup_ratio in params.yaml"
            )
        self.note = f"loss {logs['loss']:.3f}"
        self._log(state, loss=logs["loss"], learning_rate=logs["learning_rate"])

    def on_epoch_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        model: torch.nn.Module,
        **_: Any,
    ) -> None:
        """Measure and log the held-out loss."""
        self._log(state, eval_loss=self.held_out(model))

    def _log(self, state: TrainerState, **values: float) -> None:
        if not state.is_world_process_zero:
            return
        self.live.step = state.global_step
        for name, value in values.items():
            self.live.log_metric(name, rounded(value))
        self.live.make_summary()


def rounded(value: float) -> float:
    """Round to six significant digits: a learning rate of 1e-7 needs them as much as a loss."""
    return float(f"{value:.6g}")


@torch.no_grad()
def mean_loss(model: torch.nn.Module, packed: PackedDataset, collator: Callable, micro_batch_size: int) -> float:
    """Return the cross-entropy in nats over all tokens in the loss masks; every token weighs the same.

    Args:
        model: on any device; its training mode is restored.
        packed: the held-out sequences.
        collator: that of training.
        micro_batch_size: packed sequences per forward pass.
    """
    was_training, total, count = model.training, 0.0, 0
    model.eval()
    device = next(model.parameters()).device
    for batch in DataLoader(packed, batch_size=micro_batch_size, collate_fn=collator):
        batch = {name: value.to(device) if torch.is_tensor(value) else value for name, value in batch.items()}
        tokens = int((batch["labels"] != IGNORED).sum())
        total += model(**batch, use_cache=False).loss.item() * tokens
        count += tokens
    model.train(was_training)
    return total / count
