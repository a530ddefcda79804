"""Continued training on plain text: every token counts in the loss, texts do not see each other."""

import heapq
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from transformers import PreTrainedTokenizerBase

from belle.config.train import HardwareProfile, PretrainParams
from belle.data.tables import read_table
from belle.errors import UserError
from belle.progress import progress
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.token_rows import TokenRows, TokenWriter
from belle.train.fit import attention_for, fit
from belle.weights.links import architecture, locate
from belle.weights.models import load_model, save_weights

HELD_OUT = 64
"""Texts set apart for the evaluation loss, chosen by a hash of their id."""


def pretrain(
    link: Path,
    texts: Path,
    params: PretrainParams,
    hardware: HardwareProfile,
    seed: int,
    out: Path,
    metrics_dir: Path,
) -> dict[str, int]:
    """Train the model of `link` on `texts`, save it with its tokenizer into `out`; return the tokens and steps done."""
    tokenizer = load_tokenizer(link)
    model = load_model(link, attention_for(architecture(locate(link))))
    with TemporaryDirectory() as scratch:
        train, held_out = _tokenize(texts, tokenizer, params.max_length, seed, Path(scratch))
        done = fit(model, train, held_out, params, hardware, seed=seed, stage="pretrain", metrics_dir=metrics_dir)
    save_weights(model, out)
    tokenizer.save_pretrained(out)
    return done


def split_text(ids: np.ndarray, max_length: int) -> list[np.ndarray]:
    """Cut a text's ids: int32 [tokens] into segments of at most `max_length`; the last one is the shortest."""
    return [ids[start : start + max_length] for start in range(0, len(ids), max_length)]


def _tokenize(
    texts: Path, tokenizer: PreTrainedTokenizerBase, max_length: int, seed: int, directory: Path
) -> tuple[TokenRows, TokenRows]:
    held_out = _held_out_ids(texts)
    with ExitStack() as stack:
        writers = {}
        for split in ("train", "eval"):
            (directory / split).mkdir()
            writers[split] = stack.enter_context(TokenWriter(directory / split, max_length, seed))
        for identity, ids in _encode(texts, tokenizer):
            writer = writers["eval" if identity in held_out else "train"]
            for segment in split_text(ids, max_length):
                writer.add(segment, np.ones(len(segment), dtype=bool))
    return TokenRows(directory / "train"), TokenRows(directory / "eval")


def _held_out_ids(texts: Path) -> set[str]:
    ids = [row["id"] for row in read_table(texts, columns=["id"])]
    if len(ids) < 2 * HELD_OUT:
        raise UserError(
            f"{texts}: {len(ids)} texts are too few to pre-train on (at least {2 * HELD_OUT}); add to "
            "data.text_sources or set pretrain.enabled to false"
        )
    return set(heapq.nsmallest(HELD_OUT, ids, key=lambda one: (zlib.crc32(one.encode()), one)))


def _encode(texts: Path, tokenizer: PreTrainedTokenizerBase) -> Iterator[tuple[str, np.ndarray]]:
    with progress("pretrain: tokenize", unit="texts") as bar:
        for row in read_table(texts):
            ids = tokenizer(row["text"], add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
            yield row["id"], np.array(ids, dtype=np.int32)
            bar.advance()
