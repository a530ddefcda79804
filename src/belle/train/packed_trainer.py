"""The Hugging Face Trainer on packed sequences: same batches on any hardware, checkpoints a kill cannot spoil."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, load_peft_weights, set_peft_model_state_dict
from safetensors import SafetensorError
from torch import distributed
from torch.utils.data import Sampler
from transformers import PreTrainedModel, Trainer, TrainerCallback, TrainingArguments

from belle.checkpoints.models import ADAPTER
from belle.data.packed_dataset import PackedSequence
from belle.errors import UserError
from belle.train.batches import EpochSampler, EvenDataset
from belle.train.checkpoints import PREFIX, UNFINISHED, complete_checkpoints, seconds_trained, write_contents

ROWS_NAMED = 5
"""Rows that an error names, at most."""


class PackedTrainer(Trainer):
    """A Trainer that shuffles as `EpochSampler` does, names the rows of a loss gone wrong, and saves atomically.

    Args:
        model: as for the Trainer.
        arguments: as for the Trainer; checkpoints go to its `output_dir`.
        collator: turns packed sequences into the inputs of the model.
        sampler: the order of the training data.
        table: what the rows of a packed sequence are rows of, for messages.
        callbacks: as for the Trainer.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        arguments: TrainingArguments,
        collator: Callable[[list[PackedSequence]], dict[str, Any]],
        sampler: EpochSampler,
        table: str,
        callbacks: list[TrainerCallback],
    ) -> None:
        self.sampler, self.table, self.collate = sampler, table, collator
        self._saving = False
        self._started = time.monotonic() - seconds_trained(Path(arguments.output_dir))
        super().__init__(model, arguments, self._with_rows, sampler.dataset, callbacks=callbacks)

    def _with_rows(self, sequences: list[PackedSequence]) -> dict[str, Any]:
        return self.collate(sequences) | {"rows": [row for sequence in sequences for row in sequence.rows.tolist()]}

    def _get_train_sampler(self, train_dataset: EvenDataset | None = None) -> Sampler:
        return self.sampler

    def training_step(
        self, model: torch.nn.Module, inputs: dict[str, Any], num_items_in_batch: torch.Tensor | int | None = None
    ) -> torch.Tensor:
        """Compute loss and gradients of a micro-batch.

        Raises:
            UserError: the loss is not a number any more.
        """
        rows = inputs.pop("rows")
        loss = super().training_step(model, inputs, num_items_in_batch)
        if not torch.isfinite(loss):
            raise UserError(self._diverged(loss.item(), rows))
        return loss

    def _diverged(self, loss: float, rows: list[int]) -> str:
        named = ", ".join(map(str, rows[:ROWS_NAMED])) + (
            f" and {len(rows) - ROWS_NAMED} more" * (len(rows) > ROWS_NAMED)
        )
        return (
            f"training: the loss is {loss} at step {self.state.global_step + 1}, on rows {named} of {self.table} "
            "(counted from 0): lower learning_rate or raise warmup_ratio in params.yaml, or look at these rows"
        )

    def _get_output_dir(self, trial: Any) -> str:
        """Return the directory of the checkpoints; while one is written, that of unfinished ones."""
        return str(Path(self.args.output_dir) / UNFINISHED) if self._saving else self.args.output_dir

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: torch.nn.Module | None = None) -> None:
        """Load trained weights; of adapters beside earlier ones, which the Trainer would take, the last."""
        model = model or self.model
        if isinstance(model, PeftModel):
            set_peft_model_state_dict(model, load_peft_weights(resume_from_checkpoint, "cpu"), ADAPTER)
        else:
            super()._load_from_checkpoint(resume_from_checkpoint, model)

    def _save_checkpoint(self, model: torch.nn.Module, trial: Any) -> None:
        """Write a checkpoint under another name and rename it; then delete the one before.

        Raises:
            UserError: it cannot be written; the one before is as it was.
        """
        directory, name = Path(self.args.output_dir), f"{PREFIX}{self.state.global_step}"
        before, unfinished = complete_checkpoints(directory), directory / UNFINISHED
        self._first_alone(lambda: shutil.rmtree(unfinished, ignore_errors=True))
        self._saving = True
        try:
            super()._save_checkpoint(model, trial)
        except (OSError, RuntimeError, SafetensorError) as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise UserError(self._not_saved(error, before)) from error
        finally:
            self._saving = False
        self._first_alone(lambda: self._settle(unfinished / name, directory / name, before))

    def _not_saved(self, error: Exception, before: list[Path]) -> str:
        kept = f"the checkpoint of step {before[-1].name.removeprefix(PREFIX)} is kept" if before else "none was kept"
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        free = shutil.disk_usage(self.args.output_dir).free // 10**6
        return (
            f"{self.args.output_dir}: the checkpoint of step {self.state.global_step} cannot be written ({reason}; "
            f"{free} MB free on this disk); {kept}; free space and run the same command again to go on from there"
        )

    def _first_alone(self, work: Callable[[], None]) -> None:
        """Have the first process do some work while the others wait for it."""
        self.accelerator.wait_for_everyone()
        if self.is_world_process_zero():
            work()
        if distributed.is_initialized():
            distributed.barrier()

    def _settle(self, written: Path, final: Path, before: list[Path]) -> None:
        """Give a complete checkpoint its name once it is on the disk, then delete those before it."""
        write_contents(written, round(time.monotonic() - self._started, 1))
        for path in (*written.rglob("*"), written):
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        written.rename(final)
        for path in before:
            shutil.rmtree(path)
