"""What the stage tokenize made of a conversation."""

import hashlib
import json
from pathlib import Path

import numpy as np

from belle.config.base import read_yaml
from belle.data.packed_dataset import PackedDataset

LOCK = Path("dvc.lock")
SPLITS = {"train": "trained on", "eval": "held out for the evaluation loss"}


def what_tokenize_did(table: Path, tokens: Path, identity: str, position: int) -> str:
    """Return what became of a kept conversation, in words.

    Args:
        table: data/clean/conversations.parquet.
        tokens: data/tokens.
        identity: id of the conversation.
        position: its row in the table, from 0.

    Raises:
        UserError: a file of data/tokens is broken.
    """
    if not (tokens / "dropped.jsonl").is_file():
        return f"nothing yet: no {tokens}; run `dvc repro tokenize`"
    if _is_of_other_data(table):
        return f"unknown: {tokens} was made of other data; run `dvc repro tokenize`"
    with (tokens / "dropped.jsonl").open(encoding="utf-8") as lines:
        for dropped in map(json.loads, lines):
            if dropped["id"] == identity:
                return f"dropped: {dropped['reason']}"
    for split, meaning in SPLITS.items():
        packed = PackedDataset(tokens / split)
        places = np.flatnonzero(packed.rows == position)
        if len(places):
            found = np.unique(np.searchsorted(packed.sequences, places, side="right") - 1)
            named = f"packed sequence{'s' if len(found) > 1 else ''} {', '.join(map(str, found))}"
            return f"{meaning}: {named} of {len(packed)} in {tokens / split}"
    return "left out: neither trained on nor held out, by the filters, limits and weights of data.sources or tokenize"


def _is_of_other_data(table: Path) -> bool:
    """Return whether dvc.lock says that the tokens are those of another table."""
    if not LOCK.is_file():
        return False
    deps = read_yaml(LOCK).get("stages", {}).get("tokenize", {}).get("deps", ())
    recorded = next((dep["md5"] for dep in deps if dep["path"] == str(table)), None)
    with table.open("rb") as stream:
        return recorded is not None and recorded != hashlib.file_digest(stream, "md5").hexdigest()
