"""Take texts of several sources in a given proportion."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from belle.data.tables import read_batches
from belle.errors import UserError

ROWS_PER_BATCH = 10_000
LEFT_OUT = -1


@dataclass(frozen=True)
class Mixture:
    """Which texts are taken.

    Attributes:
        taken: bool [rows of the table].
        counts: by source the texts and characters there are, and those taken.
    """

    taken: np.ndarray
    counts: dict[str, dict[str, int]]


def mix(texts: Path, left_out: Collection[str], weights: Sequence[float]) -> Mixture:
    """Take texts so that the characters of the sources are in the proportion of the weights.

    The source that has the least for its weight is taken whole. Of the others those texts are taken whose ids have the
    smallest SHA-256, so with a larger weight the same texts are taken, and more. Characters, not tokens: another
    vocabulary trains on the same texts.

    Args:
        texts: data/clean/texts.parquet.
        left_out: ids of texts that are held out; they are neither taken nor counted.
        weights: of the sources in the order of the table, at least one above 0.

    Raises:
        UserError: there are no texts of a source.
    """
    names, rows = _rows(texts, left_out)
    used = rows[rows["source"] != LEFT_OUT]
    available = np.bincount(used["source"], used["characters"], minlength=len(names))
    if len(names) != len(weights) or not available.all():
        found = ", ".join(name for name, total in zip(names, available, strict=True) if total) or "none"
        raise UserError(
            f"{texts}: there are texts to train on of these sources: {found}; pretrain.mixture has {len(weights)} "
            "weights; remove the others from data.texts.sources and pretrain.mixture"
        )
    share = np.array(weights)
    budgets = share * (available[share > 0] / share[share > 0]).min()
    taken = np.zeros(len(rows), dtype=bool)
    for index, budget in enumerate(budgets):
        places = np.flatnonzero(rows["source"] == index)
        places = places[np.argsort(rows["digest"][places], kind="stable")]
        # half a character for what floating point loses
        taken[places[np.cumsum(rows["characters"][places]) <= budget + 0.5]] = share[index] > 0
    return Mixture(taken, {name: _counts(rows, index, taken) for index, name in enumerate(names)})


def _rows(texts: Path, left_out: Collection[str]) -> tuple[list[str], np.ndarray]:
    """Return the sources in order, and per row the index of its source, the beginning of a hash, its characters."""
    kind = np.dtype([("source", np.int16), ("digest", np.uint64), ("characters", np.int64)])
    places: dict[str, int] = {}
    parts = [np.empty(0, kind)]
    for batch in read_batches(texts, ROWS_PER_BATCH, ["id", "source", "text"]):
        ids = batch["id"].to_pylist()
        sources = [places.setdefault(name, len(places)) for name in batch["source"].to_pylist()]
        rows = np.empty(len(ids), kind)
        rows["source"] = np.where([one in left_out for one in ids], LEFT_OUT, sources)
        rows["digest"] = [int.from_bytes(hashlib.sha256(one.encode()).digest()[:8]) for one in ids]
        rows["characters"] = pc.utf8_length(batch["text"]).to_numpy(zero_copy_only=False)
        parts.append(rows)
    return list(places), np.concatenate(parts)


def _counts(rows: np.ndarray, source: int, taken: np.ndarray) -> dict[str, int]:
    here = rows["source"] == source
    return {
        "texts": int(here.sum()),
        "texts_taken": int((here & taken).sum()),
        "characters": int(rows["characters"][here].sum()),
        "characters_taken": int(rows["characters"][here & taken].sum()),
    }
