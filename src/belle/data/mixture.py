"""Take texts of several sources in a given proportion."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from belle.data.held_out import digest_of
from belle.data.tables import read_batches
from belle.errors import UserError

ROWS_PER_BATCH = 10_000
LEFT_OUT = -1
ROW = np.dtype([("source", np.int32), ("digest", np.uint64), ("characters", np.int64)])
"""A text: the place of its source, the digest of its content, its characters."""


@dataclass(frozen=True)
class Texts:
    """What decides which texts are trained on.

    Attributes:
        sources: their names, in the order of the table.
        rows: dtype `ROW` [rows of the table].
    """

    sources: list[str]
    rows: np.ndarray


def read_texts(table: Path) -> Texts:
    """Read data/clean/texts.parquet once, in constant memory but for 20 bytes per text."""
    places: dict[str, int] = {}
    parts = [np.empty(0, ROW)]
    for batch in read_batches(table, ROWS_PER_BATCH, ["source", "text"]):
        rows = np.empty(batch.num_rows, ROW)
        rows["source"] = [places.setdefault(name, len(places)) for name in batch["source"].to_pylist()]
        rows["digest"] = [digest_of(text) for text in batch["text"].to_pylist()]
        rows["characters"] = pc.utf8_length(batch["text"]).to_numpy(zero_copy_only=False)
        parts.append(rows)
    return Texts(list(places), np.concatenate(parts))


@dataclass(frozen=True)
class Mixture:
    """Which texts are taken.

    Attributes:
        taken: bool [rows of the table].
        counts: by source the texts and characters there are, and those taken.
    """

    taken: np.ndarray
    counts: dict[str, dict[str, int]]


def mix(table: Path, texts: Texts, left_out: np.ndarray, weights: Sequence[float]) -> Mixture:
    """Take texts so that the characters of the sources are in the proportion of the weights.

    The source that has the least for its weight is taken whole. Of the others those texts are taken that have the
    lowest digests, so with a larger weight the same texts are taken, and more. Characters, not tokens: another
    vocabulary trains on the same texts.

    Args:
        table: data/clean/texts.parquet, for errors.
        texts: what `read_texts` found there.
        left_out: bool [rows], texts that are held out; they are neither taken nor counted.
        weights: of the sources in the order of the table, at least one above 0.

    Raises:
        UserError: there are no texts of a source.
    """
    names, rows = texts.sources, texts.rows.copy()
    rows["source"][left_out] = LEFT_OUT
    used = rows[~left_out]
    available = np.bincount(used["source"], used["characters"], minlength=len(names))
    if len(names) != len(weights) or not available.all():
        found = ", ".join(name for name, total in zip(names, available, strict=True) if total) or "none"
        raise UserError(
            f"{table}: there are texts to train on of these sources: {found}; pretrain.mixture has {len(weights)} "
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


def _counts(rows: np.ndarray, source: int, taken: np.ndarray) -> dict[str, int]:
    here = rows["source"] == source
    return {
        "texts": int(here.sum()),
        "texts_taken": int((here & taken).sum()),
        "characters": int(rows["characters"][here].sum()),
        "characters_taken": int(rows["characters"][here & taken].sum()),
    }
