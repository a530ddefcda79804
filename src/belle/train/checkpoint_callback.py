"""When a checkpoint is written: by the clock, at steps where nothing is pending."""

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import distributed
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

MOST_OF_THE_TIME = 0.05
"""Fraction of a training's time that checkpoints may take."""


class CheckpointCallback(TrainerCallback):
    """Asks the Trainer for a checkpoint when the last one is some minutes old.

    Only at steps whose loss is logged (the loss between two of them is kept nowhere), and at the end of an epoch only
    after the held-out loss. Slow disks get fewer checkpoints: they take at most `MOST_OF_THE_TIME`.

    Args:
        minutes: from one checkpoint to the next.
        clock: seconds, for tests.
    """

    def __init__(self, minutes: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.interval, self.clock, self.cost = minutes * 60, clock, 0.0
        self.last = self.asked = clock()

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Ask for a checkpoint inside an epoch."""
        steps_per_epoch = state.max_steps // int(args.num_train_epochs)
        return self._ask(args, state, control) if state.global_step % steps_per_epoch else control

    def on_epoch_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Ask for a checkpoint between two epochs."""
        return self._ask(args, state, control) if state.global_step < state.max_steps else control

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Note what the checkpoint has cost."""
        self.last = self.clock()
        self.cost = self.last - self.asked

    def _ask(self, args: TrainingArguments, state: TrainerState, control: TrainerControl) -> TrainerControl:
        if state.global_step % int(args.logging_steps) == 0 and self._is_due(args):
            control.should_save = True
            self.asked = self.clock()
        return control

    def _is_due(self, args: TrainingArguments) -> bool:
        due = self.clock() - self.last >= max(self.interval, self.cost / MOST_OF_THE_TIME)
        if args.world_size == 1:
            return due
        # clocks differ: the first process decides for all
        decision = torch.tensor(int(due), device=args.device)
        distributed.broadcast(decision, src=0)
        return bool(decision.item())
