"""Encode plain texts, hold some out, pack the rest: what pre-training reads in every epoch."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from transformers import PreTrainedTokenizerBase

from belle.config.pretrain import PretrainParams
from belle.data.held_out import held_out
from belle.data.mixture import Mixture, mix, read_texts
from belle.data.packed_dataset import PackedDatasetWriter
from belle.data.tables import read_table
from belle.errors import UserError
from belle.files import write_json
from belle.progress import progress
from belle.tokenizer.plain_text import ids_of

EVAL_FRACTION = 1 / 256
"""Of the texts, held out for the evaluation loss."""
TEXTS_PER_BATCH = 1000
CHARACTERS_PER_BATCH = 1 << 22
"""A text may be as long as a book."""
MIXTURE = "mixture.json"
"""Which texts a mixture took, counted by source."""
Text = tuple[str, int, str]
"""Split (`train` or `eval`), row in the table, content."""


def tokenize_texts(
    texts: Path, tokenizer: PreTrainedTokenizerBase, params: PretrainParams, seed: int, out: Path
) -> None:
    """Write packed sequences into `out`/train and `out`/eval, and with a mixture its counts into `mixture.json`.

    Every text ends with the end-of-sequence token. The bytes depend on the arguments alone.

    Args:
        texts: data/clean/texts.parquet.
        tokenizer: that of the model.
        params: section `pretrain`: length of a sequence, and mixture.
        seed: of packing.
        out: existing directory.

    Raises:
        UserError: too few texts, or none of a source of the mixture.
    """
    found = read_texts(texts)
    is_eval = held_out(found.rows["digest"], EVAL_FRACTION)
    if is_eval.all():
        raise UserError(f"{texts}: {len(is_eval)} texts are too few: some are held out, others must remain; add data")
    mixture = mix(texts, found, is_eval, params.mixture) if params.mixture else None
    with ExitStack() as stack:
        writers = {}
        for split in ("train", "eval"):
            (out / split).mkdir()
            writers[split] = stack.enter_context(PackedDatasetWriter(out / split, params.max_length, seed))
        for split, row, ids in _encode(_chosen(texts, is_eval, mixture), tokenizer):
            for segment in split_text(ids, params.max_length):
                writers[split].add(segment, np.ones(len(segment), dtype=bool), row)
    if mixture:
        write_json(out / MIXTURE, mixture.counts)


def split_text(ids: np.ndarray, max_length: int) -> list[np.ndarray]:
    """Cut the ids of a text (int32 [tokens]) into segments of `max_length`; only the last one may be shorter."""
    return [ids[start : start + max_length] for start in range(0, len(ids), max_length)]


def _chosen(texts: Path, is_eval: np.ndarray, mixture: Mixture | None) -> Iterator[Text]:
    for number, row in enumerate(read_table(texts, ["text"])):
        if is_eval[number]:
            yield "eval", number, row["text"]
        elif mixture is None or mixture.taken[number]:
            yield "train", number, row["text"]


def _encode(texts: Iterator[Text], tokenizer: PreTrainedTokenizerBase) -> Iterator[tuple[str, int, np.ndarray]]:
    with progress("pretrain: tokenize", unit="texts") as bar:
        for batch in batches(texts, TEXTS_PER_BATCH, CHARACTERS_PER_BATCH):
            encoded = ids_of(tokenizer, [text for _, _, text in batch])
            for (split, row, _), ids in zip(batch, encoded, strict=True):
                yield split, row, np.array([*ids, tokenizer.eos_token_id], dtype=np.int32)
            bar.advance(len(batch))


def batches(texts: Iterator[Text], most: int, characters: int) -> Iterator[list[Text]]:
    """Yield lists of at most `most` texts, which end with the text that reaches so many characters."""
    batch: list[Text] = []
    total = 0
    for text in texts:
        batch.append(text)
        total += len(text[2])
        if len(batch) == most or total >= characters:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
