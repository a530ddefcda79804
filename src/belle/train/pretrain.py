"""Continued training on plain text: every token is in the loss, and no text attends to another."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from transformers import PreTrainedTokenizerBase

from belle.checkpoints.models import load_model, refuse_larger_tokenizer, save_weights
from belle.checkpoints.precision import save_dtype
from belle.checkpoints.resolve import architecture, resolve_checkpoint
from belle.config.hardware import HardwareProfile
from belle.config.held_out import HELD_OUT_TEXTS
from belle.config.pretrain import PretrainParams
from belle.data.held_out import held_out_ids
from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter
from belle.data.tables import read_table
from belle.files import fresh_directory
from belle.progress import progress
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.save import save_tokenizer
from belle.train.deepspeed import full_weights
from belle.train.trainer import attention_for, run_trainer

TOKENS = "tokens"
"""Name of the packed sequences in a checkpoint directory: `train/` and `eval/`."""


def pretrain(
    checkpoint: Path,
    params: PretrainParams,
    hardware: HardwareProfile,
    seed: int,
    out: Path,
    logs: Path,
    checkpoints: Path,
) -> dict[str, int]:
    """Train a checkpoint on plain texts, save it with its tokenizer; return the tokens and steps done.

    Args:
        checkpoint: the checkpoint to start from.
        params: section `pretrain`.
        hardware: how a batch is computed.
        seed: of the training order.
        out: existing directory that receives the model.
        logs: existing directory for summary and curves.
        checkpoints: existing directory of what a killed run goes on from, and of what `tokenize_texts` wrote.
    """
    tokens = checkpoints / TOKENS
    model = load_model(checkpoint, attention_for(architecture(resolve_checkpoint(checkpoint))))
    tokenizer = load_tokenizer(checkpoint)
    refuse_larger_tokenizer(model, tokenizer, checkpoint)
    train, held_out = PackedDataset(tokens / "train"), PackedDataset(tokens / "eval")
    trainer, work = run_trainer(
        model, train, held_out, params, hardware, seed=seed, stage="pretrain", logs=logs, checkpoints=checkpoints
    )
    with full_weights(trainer) as first:
        if first:
            save_weights(model, out, save_dtype(params.save_precision, checkpoint))
            save_tokenizer(tokenizer, out)
    return work


def tokenize_texts(checkpoint: Path, texts: Path, params: PretrainParams, seed: int, checkpoints: Path) -> None:
    """Write the packed sequences of all texts into a checkpoint directory, unless they are there.

    They are written once, however many processes train and however often they go on.

    Args:
        checkpoint: whose tokenizer is used.
        texts: data/clean/texts.parquet.
        params: section `pretrain`.
        seed: of packing.
        checkpoints: existing directory.
    """
    if not (out := checkpoints / TOKENS).exists():
        with fresh_directory(out) as folder:
            _tokenize(texts, load_tokenizer(checkpoint), params.max_length, seed, folder)


def split_text(ids: np.ndarray, max_length: int) -> list[np.ndarray]:
    """Cut the ids of a text (int32 [tokens]) into segments of `max_length`; only the last one may be shorter."""
    return [ids[start : start + max_length] for start in range(0, len(ids), max_length)]


def _tokenize(texts: Path, tokenizer: PreTrainedTokenizerBase, max_length: int, seed: int, directory: Path) -> None:
    held_out = held_out_ids(texts, HELD_OUT_TEXTS)
    with ExitStack() as stack:
        writers = {}
        for split in ("train", "eval"):
            (directory / split).mkdir()
            writers[split] = stack.enter_context(PackedDatasetWriter(directory / split, max_length, seed))
        for number, (identity, ids) in enumerate(_encode(texts, tokenizer)):
            writer = writers["eval" if identity in held_out else "train"]
            for segment in split_text(ids, max_length):
                writer.add(segment, np.ones(len(segment), dtype=bool), number)


def _encode(texts: Path, tokenizer: PreTrainedTokenizerBase) -> Iterator[tuple[str, np.ndarray]]:
    with progress("pretrain: tokenize", unit="texts") as bar:
        for row in read_table(texts):
            # text that only looks like a special token must not become one
            ids = tokenizer(row["text"], add_special_tokens=False, split_special_tokens=True)["input_ids"]
            yield row["id"], np.array([*ids, tokenizer.eos_token_id], dtype=np.int32)
            bar.advance()
