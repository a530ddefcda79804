"""Continued training on plain text: every token is in the loss, and no text attends to another."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

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
from belle.progress import progress
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.save import save_tokenizer
from belle.train.trainer import attention_for, run_trainer


def pretrain(
    checkpoint: Path,
    texts: Path,
    params: PretrainParams,
    hardware: HardwareProfile,
    seed: int,
    out: Path,
    logs: Path,
) -> dict[str, int]:
    """Train a checkpoint on plain texts, save it with its tokenizer; return the tokens and steps done.

    Args:
        checkpoint: the checkpoint to start from.
        texts: data/clean/texts.parquet.
        params: section `pretrain`.
        hardware: how a batch is computed.
        seed: of packing and training order.
        out: existing directory that receives the model.
        logs: existing directory for summary and curves.
    """
    tokenizer = load_tokenizer(checkpoint)
    model = load_model(checkpoint, attention_for(architecture(resolve_checkpoint(checkpoint))))
    refuse_larger_tokenizer(model, tokenizer, checkpoint)
    with TemporaryDirectory(dir=out) as scratch:
        train, held_out = _tokenize(texts, tokenizer, params.max_length, seed, Path(scratch))
        work = run_trainer(model, train, held_out, params, hardware, seed=seed, stage="pretrain", logs=logs)
    save_weights(model, out, save_dtype(params.save_precision, checkpoint))
    save_tokenizer(tokenizer, out)
    return work


def split_text(ids: np.ndarray, max_length: int) -> list[np.ndarray]:
    """Cut the ids of a text (int32 [tokens]) into segments of `max_length`; only the last one may be shorter."""
    return [ids[start : start + max_length] for start in range(0, len(ids), max_length)]


def _tokenize(
    texts: Path, tokenizer: PreTrainedTokenizerBase, max_length: int, seed: int, directory: Path
) -> tuple[PackedDataset, PackedDataset]:
    held_out = held_out_ids(texts, HELD_OUT_TEXTS)
    with ExitStack() as stack:
        writers = {}
        for split in ("train", "eval"):
            (directory / split).mkdir()
            writers[split] = stack.enter_context(PackedDatasetWriter(directory / split, max_length, seed))
        for identity, ids in _encode(texts, tokenizer):
            writer = writers["eval" if identity in held_out else "train"]
            for segment in split_text(ids, max_length):
                writer.add(segment, np.ones(len(segment), dtype=bool))
    return PackedDataset(directory / "train"), PackedDataset(directory / "eval")


def _encode(texts: Path, tokenizer: PreTrainedTokenizerBase) -> Iterator[tuple[str, np.ndarray]]:
    with progress("pretrain: tokenize", unit="texts") as bar:
        for row in read_table(texts):
            # text that only looks like a special token must not become one
            ids = tokenizer(row["text"], add_special_tokens=False, split_special_tokens=True)["input_ids"]
            yield row["id"], np.array([*ids, tokenizer.eos_token_id], dtype=np.int32)
            bar.advance()
