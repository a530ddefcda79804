"""Encode every conversation of data/clean, hold some out, pack the rest: data/tokens."""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from belle.checkpoints.resolve import TOKENIZER
from belle.config.mixture import MixturePart
from belle.config.tokenize import TokenizeParams
from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter
from belle.data.selection import EVAL, UNUSED, select
from belle.data.tables import Row, read_table
from belle.errors import UserError
from belle.files import sha256_of, write_json
from belle.progress import progress
from belle.tokenizer.encode import ChatEncoder, Encoded, EncodingError
from belle.tokenizer.save import save_tokenizer

REASONS = (
    "too_long",
    "special_token",
    "no_loss_tokens",
    "no_end_of_sequence",
    "template_refuses",
    "template_rewrites_history",
)
CONVERSATIONS_PER_BATCH = 1000


def tokenize_conversations(
    conversations: Path,
    parts: Sequence[MixturePart],
    encoder: ChatEncoder,
    params: TokenizeParams,
    seed: int,
    out: Path,
) -> None:
    """Write `train/`, `eval/`, `tokenizer/`, `dropped.jsonl` and `meta.json` (counts and digests) into `out`.

    Args:
        conversations: data/clean/conversations.parquet.
        parts: what `data.sources` comes to.
        encoder: with the tokenizer and chat template to train with.
        params: section `tokenize`.
        seed: of packing.
        out: existing directory.

    Raises:
        UserError: too few conversations, or too many of them dropped.
    """
    save_tokenizer(encoder.tokenizer, out / "tokenizer")
    selection = select(conversations, parts, params.train_conversations, params.eval_fraction)
    _note_fewer(params.train_conversations, sum(counts["trained_on"] for counts in selection.counts.values()))
    dropped: Counter[str] = Counter(dict.fromkeys(REASONS, 0))
    with ExitStack() as stack:
        writers = {
            split: stack.enter_context(PackedDatasetWriter(_made(out / split), params.max_length, seed))
            for split in ("train", "eval")
        }
        log = stack.enter_context((out / "dropped.jsonl").open("w", encoding="utf-8"))
        for number, row, encoded in _encode(conversations, selection.splits, encoder):
            if reason := drop_reason(encoded, params.max_length):
                dropped[reason] += 1
                log.write(json.dumps({"id": row["id"], "reason": reason}, ensure_ascii=False) + "\n")
            elif not isinstance(encoded, EncodingError):
                split = "eval" if selection.splits[number] == EVAL else "train"
                for sequence in encoded:
                    writers[split].add(sequence.ids, sequence.loss_mask, number)
    counts = _counts(out, params, dropped) | {"sources": selection.counts}
    _refuse_losses(conversations, counts, params)
    write_json(out / "meta.json", counts | _digests(out / "tokenizer", encoder, params))


def _note_fewer(wanted: int | None, found: int) -> None:
    """Say so when there are fewer conversations to train on than were asked for."""
    if wanted and found < wanted:
        print(f"note: tokenize.train_conversations: {wanted}: there are only {found}; all are taken", file=sys.stderr)


def drop_reason(encoded: Sequence[Encoded] | EncodingError, max_length: int) -> str | None:
    """Return why a conversation, one or several sequences, cannot be trained on, or None."""
    if isinstance(encoded, EncodingError):
        return str(encoded)
    if any(len(sequence.ids) > max_length for sequence in encoded):
        return "too_long"
    # the first token has nothing before it that could predict it
    return None if any(sequence.loss_mask[1:].any() for sequence in encoded) else "no_loss_tokens"


def _encode(
    conversations: Path, splits: np.ndarray, encoder: ChatEncoder
) -> Iterator[tuple[int, Row, list[Encoded] | EncodingError]]:
    """Yield the conversations that are used, each with its row in the table."""
    table = enumerate(read_table(conversations, columns=["id", "messages"]))
    rows = ((number, row) for number, row in table if splits[number] != UNUSED)
    with progress("tokenize", unit="conversations") as bar:
        while batch := list(islice(rows, CONVERSATIONS_PER_BATCH)):
            encoded = encoder.encode_batch([row["messages"] for _, row in batch])
            yield from ((number, row, one) for (number, row), one in zip(batch, encoded, strict=True))
            bar.advance(len(batch))


def _counts(out: Path, params: TokenizeParams, dropped: Counter[str]) -> dict[str, Any]:
    train, held_out = PackedDataset(out / "train"), PackedDataset(out / "eval")
    tokens = len(train.ids)
    trained_on, eval_on = (np.unique(split.rows, return_counts=True)[1] for split in (train, held_out))
    return {
        "conversations": len(trained_on),
        "eval_conversations": len(eval_on),
        "dropped": dict(dropped),
        "packed_sequences": len(train),
        "tokens": tokens,
        "packing_efficiency": round(tokens / max(1, len(train) * params.max_length), 4),
        "loss_token_fraction": round(float(train.loss_mask.mean()) if tokens else 0.0, 4),
    } | _unrolled(np.concatenate([trained_on, eval_on]))


def _unrolled(sequences: np.ndarray) -> dict[str, dict[str, int]]:
    """Return how many conversations became several sequences, and how many those are; nothing when there are none.

    Args:
        sequences: of each conversation: int64 [conversations].
    """
    several = sequences[sequences > 1]
    return {"unrolled": {"conversations": len(several), "sequences": int(several.sum())}} if len(several) else {}


def _refuse_losses(conversations: Path, counts: dict[str, Any], params: TokenizeParams) -> None:
    lost = sum(counts["dropped"].values())
    total = lost + counts["conversations"] + counts["eval_conversations"]
    reasons = ", ".join(f"{reason} {count}" for reason, count in counts["dropped"].items() if count)
    if lost > params.max_dropped * total:
        raise UserError(
            f"{conversations}: {lost} of {total} conversations would be dropped ({reasons}), more than "
            f"tokenize.max_dropped ({params.max_dropped}) allows; raise tokenize.max_length or look at the data"
        )
    if not counts["packed_sequences"] or not counts["eval_conversations"]:
        raise UserError(
            f"{conversations}: after dropping {lost} of {total} conversations ({reasons}) none are left to train on, "
            "or none of those held out; raise tokenize.max_length or tokenize.eval_fraction"
        )


def _digests(directory: Path, encoder: ChatEncoder, params: TokenizeParams) -> dict[str, str | int | None]:
    return {
        "max_length": params.max_length,
        "train_conversations": params.train_conversations,
        "tokenizer_sha256": sha256_of(directory / TOKENIZER),
        "template_sha256": hashlib.sha256(encoder.tokenizer.chat_template.encode()).hexdigest(),
    }


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory
