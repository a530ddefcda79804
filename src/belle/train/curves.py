"""What training shows while it runs: curves through DVCLive, a progress bar, the held-out loss."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from dvclive import Live
from torch.utils.data import DataLoader
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from belle.progress import Bar
from belle.tokenizer.token_rows import TokenRows
from belle.train.collator import IGNORED


def open_live(directory: Path) -> Live:
    """A DVCLive log in `directory` that touches no dvc.yaml and saves no experiment of its own."""
    return Live(str(directory), dvcyaml=False, save_dvc_exp=False, report=None)


class Curves(TrainerCallback):
    """Logs training loss, learning rate and, after every epoch, held-out loss, all at real optimiser steps.

    Args:
        live: the log.
        stage: first part of the metric names, as in `train/loss`.
        bar: advanced by one every optimiser step.
        held_out: computes the held-out loss of a model.
    """

    def __init__(
        self, live: Live, stage: str, bar: Bar, held_out: Callable[[torch.nn.Module], float]
    ) -> None:
        self.live, self.stage, self.bar, self.held_out = live, stage, bar, held_out
        self.last: dict[str, float] = {}

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Advance the bar."""
        self.bar.advance(note=f"loss {self.last['loss']:.3f}" if "loss" in self.last else "")

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float],
        **_: Any,
    ) -> None:
        """Log what the Trainer reports at its logging steps."""
        if state.is_world_process_zero and "loss" in logs:
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
        loss = self.held_out(model)
        if state.is_world_process_zero:
            self._log(state, eval_loss=loss)

    def _log(self, state: TrainerState, **values: float) -> None:
        self.last |= values
        self.live.step = state.global_step
        for name, value in values.items():
            self.live.log_metric(f"{self.stage}/{name}", round(value, 6))
        self.live.make_summary()


@torch.no_grad()
def mean_loss(model: torch.nn.Module, rows: TokenRows, collator: Callable, rows_at_once: int) -> float:
    """Cross-entropy in nats over all trained tokens of `rows`: every token weighs the same."""
    was_training, total, count = model.training, 0.0, 0
    model.eval()
    device = next(model.parameters()).device
    for batch in DataLoader(rows, batch_size=rows_at_once, collate_fn=collator):
        batch = {name: value.to(device) if torch.is_tensor(value) else value for name, value in batch.items()}
        tokens = int((batch["labels"] != IGNORED).sum())
        total += model(**batch, use_cache=False).loss.item() * tokens
        count += tokens
    model.train(was_training)
    return total / count
