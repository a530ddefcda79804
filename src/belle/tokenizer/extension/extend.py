"""Extend the vocabulary of a checkpoint: its tokenizer, its embedding and its lm_head."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from belle.checkpoints.models import load_base, save_weights
from belle.checkpoints.resolve import TOKENIZER, resolve_checkpoint
from belle.config.extend_vocab import ExtendVocabParams
from belle.data.held_out import held_out
from belle.data.mixture import read_texts
from belle.data.tables import read_batches
from belle.errors import UserError
from belle.files import write_json
from belle.progress import progress
from belle.tokenizer.extension.learn import Extension, extended, learn
from belle.tokenizer.extension.measure import measure
from belle.tokenizer.extension.new_rows import add_rows
from belle.tokenizer.extension.vocabulary import Vocabulary, read_vocabulary
from belle.tokenizer.load import load_tokenizer, read_tokenizer
from belle.tokenizer.merges import write_merges_as_strings
from belle.tokenizer.save import save_tokenizer
from belle.tokenizer.special_tokens import SENTENCEPIECE_MODEL

MEASURED = 5000
"""Texts that are measured on and not learned from, at most, as in BELLE's paper (5,000 lines)."""
SHARE = 20
"""Of fewer texts one in so many."""
TEXTS_PER_BATCH = 1000


def extend_vocabulary(checkpoint: Path, texts: Path, params: ExtendVocabParams, out: Path) -> dict[str, Any]:
    """Write the checkpoint with new tokens into `out`; return what was added and what it changes.

    Args:
        checkpoint: the checkpoint to extend.
        texts: data/clean/texts.parquet.
        params: section `extend_vocab`.
        out: existing directory that receives model and tokenizer.

    Raises:
        UserError: a tokenizer that cannot be extended, or texts that give fewer tokens than asked for.
    """
    tokenizer = load_tokenizer(checkpoint)
    save_tokenizer(tokenizer, out)
    directory = resolve_checkpoint(checkpoint).tokenizer
    if not (out / TOKENIZER).exists():
        repair = "set extend_vocab.enabled to false"
        raise UserError(f"{directory}: a tokenizer without {TOKENIZER} cannot be extended; {repair}")
    old = read_vocabulary(out / TOKENIZER, str(directory / TOKENIZER))
    corpus = Corpus(texts)
    extension = learn(old, corpus.learned_from, params)
    write_tokenizer(old, extension, directory, out)
    # no adapter comes before this link of the chain; in the precision it is stored in, a 7B model needs 14 GB
    model = load_base(resolve_checkpoint(checkpoint).base, dtype="auto")
    add_rows(model, extension.first_id, list(extension.parts.values()))
    save_weights(model, out)
    rows = model.get_input_embeddings().weight.shape[0]
    counts = {"new_tokens": len(extension.parts), "vocabulary": len(old.ids) + len(extension.parts), "rows": rows}
    counts |= {"share_learned_from": round(extension.share, 4)}
    return counts | measure(tokenizer, read_tokenizer(out), corpus.measured())


def write_tokenizer(old: Vocabulary, extension: Extension, directory: Path, out: Path) -> None:
    """Write the extended tokenizer.json over the one in `out`, and tokenizer.model if `directory` has one."""
    write_json(out / TOKENIZER, extended(old, extension).description)
    write_merges_as_strings(out / TOKENIZER)
    if (model := directory / SENTENCEPIECE_MODEL).exists():
        from belle.tokenizer.extension.sentencepiece_model import extend_sentencepiece_model

        extend_sentencepiece_model(model, out / SENTENCEPIECE_MODEL, old, extension)


class Corpus:
    """The texts in batches, parted by a hash into those to learn from and those to measure on.

    Args:
        table: data/clean/texts.parquet.

    Raises:
        UserError: there is no text, or only one.
    """

    def __init__(self, table: Path) -> None:
        digests = read_texts(table).rows["digest"]
        self.table, self.held_out = table, held_out(digests, min(1 / SHARE, MEASURED / max(1, len(digests))))
        if self.held_out.all():
            count = len(digests)
            raise UserError(f"{table}: {count} texts; extend_vocab learns from texts: name a data.texts.sources")

    def learned_from(self) -> Iterator[list[str]]:
        """Yield the texts that are not held out."""
        with progress("extend_vocab: read", unit="texts") as bar:
            for texts, is_held_out in self._batches():
                yield texts.filter(pa.array(~is_held_out)).to_pylist()
                bar.advance(len(texts))

    def measured(self) -> Iterator[list[str]]:
        """Yield the texts that are held out."""
        for texts, is_held_out in self._batches():
            yield texts.filter(pa.array(is_held_out)).to_pylist()

    def _batches(self) -> Iterator[tuple[pa.Array, np.ndarray]]:
        start = 0
        for batch in read_batches(self.table, TEXTS_PER_BATCH, ["text"]):
            yield batch["text"], self.held_out[start : start + batch.num_rows]
            start += batch.num_rows
