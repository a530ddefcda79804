"""What training reports while it runs: curves through DVCLive, a progress bar, the held-out loss."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from dvclive import Live
from torch.utils.data import DataLoader
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from belle.checkpoints.precision import DTYPES
from belle.data.packed_dataset import PackedDataset
from belle.progress import Bar
from belle.train.batches import EpochSampler
from belle.train.collator import IGNORED
from belle.train.logs import CURVE_NAMES


class MetricLog(Live):
    """A DVCLive log: curves in `directory`/plots/metrics, the last values in `summary`."""

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), dvcyaml=False, save_dvc_exp=False, report=None)

    def _init_dvc(self) -> None:
        """Look for no repository: DVCLive fails in one without commits, and stages files under `dvc exp run`."""


class TrainingCallback(TrainerCallback):
    """Logs training loss, learning rate and, after every epoch, held-out loss, all at real optimizer steps.

    Every point is in the Trainer's own history too, which a checkpoint holds: a run that goes on from one writes the
    curves from their beginning.

    Args:
        logs: existing directory; written by the first process alone.
        sampler: told when an epoch begins.
        bar: advanced by one every optimizer step.
        held_out: computes the held-out loss of a model.
    """

    def __init__(
        self, logs: Path, sampler: EpochSampler, bar: Bar, held_out: Callable[[torch.nn.Module], float]
    ) -> None:
        self.logs, self.sampler, self.bar, self.held_out = logs, sampler, bar, held_out
        self.live: MetricLog | None = None
        self.note = ""

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Log again what was logged before the checkpoint."""
        if state.is_world_process_zero:
            self.live = MetricLog(self.logs)
        for entry in state.log_history:
            self._log(entry)
        self.bar.advance(state.global_step)

    def on_epoch_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Choose the order of this epoch."""
        self.sampler.set_epoch(int(state.epoch))

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
        """Log what the Trainer reports at its logging steps."""
        if "loss" in logs:
            self.note = f"loss {logs['loss']:.3f}"
            self._log(logs | {"step": state.global_step})

    def on_epoch_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        model: torch.nn.Module,
        **_: Any,
    ) -> None:
        """Measure and log the held-out loss."""
        entry = {"eval_loss": self.held_out(model), "step": state.global_step}
        state.log_history.append(entry)
        self._log(entry)

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Close the log."""
        if self.live:
            self.live.end()

    def _log(self, entry: dict[str, float]) -> None:
        if not self.live:
            return
        self.live.step = int(entry["step"])
        for name in CURVE_NAMES:
            if name in entry:
                self.live.log_metric(name, rounded(entry[name]))
        self.live.make_summary()


def rounded(value: float) -> float:
    """Round to six significant digits: a learning rate of 1e-7 needs them as much as a loss."""
    return float(f"{value:.6g}")


@torch.no_grad()
def mean_loss(
    model: torch.nn.Module, packed: PackedDataset, collator: Callable, micro_batch_size: int, precision: str = "fp32"
) -> float:
    """Return the cross-entropy in nats over all tokens in the loss masks; every token weighs the same.

    Args:
        model: on any device; its training mode is restored.
        packed: the held-out sequences.
        collator: that of training.
        micro_batch_size: packed sequences per forward pass.
        precision: that of training.
    """
    was_training, total, count = model.training, 0.0, 0
    model.eval()
    device = next(model.parameters()).device
    for batch in DataLoader(packed, batch_size=micro_batch_size, collate_fn=collator):
        batch = {name: value.to(device) if torch.is_tensor(value) else value for name, value in batch.items()}
        tokens = int((batch["labels"] != IGNORED).sum())
        with _autocast(device, precision):
            total += model(**batch, use_cache=False).loss.item() * tokens
        count += tokens
    model.train(was_training)
    return total / count


def _autocast(device: torch.device, precision: str) -> AbstractContextManager:
    if precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, DTYPES[precision])
