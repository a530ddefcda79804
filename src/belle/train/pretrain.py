"""Continued training on plain text: every token counts in the loss, texts do not see each other."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from transformers import PreTrainedTokenizerBase

from belle.config.train import HardwareProfile, PretrainParams
from belle.data.held_out import held_out_ids
from belle.data.tables import read_table
from belle.progress import progress
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.token_rows import TokenRows, TokenWriter
from belle.train.fit import attention_for, fit
from belle.weights.links import architecture, locate
from belle.weights.models import load_model, save_weights

HELD_OUT = 64
"""Texts set apart for the evaluation loss."""


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
    held_out = held_out_ids(texts, HELD_OUT)
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


def _encode(texts: Path, tokenizer: PreTrainedTokenizerBase) -> Iterator[tuple[str, np.ndarray]]:
    with progress("pretrain: tokenize", unit="texts") as bar:
        for row in read_table(texts):
            # text that only looks like a special token must not become one
            ids = tokenizer(row["text"], add_special_tokens=False, split_special_tokens=True)["input_ids"]
            yield row["id"], np.array([*ids, tokenizer.eos_token_id], dtype=np.int32)
            bar.advance()
