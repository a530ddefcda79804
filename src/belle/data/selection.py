"""Which cleaned conversations are held out, and which are trained on: filters, limits, weights, nested subsets.

Every choice is by position in one fixed order of a source: by a hash of the question, spread evenly over languages and
categories. So a smaller limit, weight or number of conversations takes a part of what a larger one takes, in the same
proportions, and experiments on quantity differ by quantity alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belle.config.mixture import MixturePart
from belle.data.held_out import digest_of, held_out
from belle.data.tables import ROWS_PER_GROUP, read_batches
from belle.errors import UserError

ROW = np.dtype([("source", np.int32), ("group", np.int32), ("turns", np.int32), ("digest", np.uint64)])
"""A conversation: the place of its source among the parts, of its language and category among the groups, its user
messages, and the digest of its first question."""
UNUSED, TRAIN, EVAL = 0, 1, 2


Group = tuple[str, str | None]
"""Language and category."""


@dataclass(frozen=True)
class Selection:
    """What becomes of each conversation.

    Attributes:
        splits: int8 [rows of the table], `UNUSED`, `TRAIN` or `EVAL`.
        counts: by source the conversations that pass its filters, those held out, and those trained on.
    """

    splits: np.ndarray
    counts: dict[str, dict[str, int]]


def select(conversations: Path, parts: Sequence[MixturePart], count: int | None, eval_fraction: float) -> Selection:
    """Choose conversations to train on and to hold out.

    Held out are those whose question has a low digest, whatever the limits and weights. Of the others each part takes
    as many as its weight and limit allow, and of all those the first `count` are trained on.

    Args:
        conversations: data/clean/conversations.parquet.
        parts: what `data.sources` comes to.
        count: conversations trained on; None is all.
        eval_fraction: about this fraction of the questions is held out.

    Raises:
        UserError: a language or category that a source has not, a source of which no conversation passes its filters,
            or nothing left to train on.
    """
    groups: list[Group] = []
    rows = _rows(conversations, [part.source for part in parts], groups)
    for index, part in enumerate(parts):
        _refuse_unknown(conversations, part, {groups[one] for one in np.unique(rows["group"][rows["source"] == index])})
    passed = np.zeros(len(rows), dtype=bool)
    for index, part in enumerate(parts):
        passed |= (rows["source"] == index) & _passes(part, rows, groups)
    splits = np.zeros(len(rows), dtype=np.int8)
    splits[np.flatnonzero(passed)[held_out(rows["digest"][passed], eval_fraction)]] = EVAL
    free = np.flatnonzero(passed & (splits != EVAL))
    _refuse_empty(conversations, parts, rows["source"][passed], rows["source"][free])
    taken = _taken(rows[free], parts)
    chosen = free[taken[:count]]
    splits[chosen] = TRAIN
    return Selection(splits, {part.source: _counts(rows, splits, passed, index) for index, part in enumerate(parts)})


def budgets(available: Sequence[int], parts: Sequence[MixturePart]) -> list[int]:
    """Return the conversations that each part may take.

    A limit is a maximum. Parts with a weight are in proportion to each other: the one that has the least for its weight
    is taken whole.

    Args:
        available: conversations of each part.
        parts: with their limits and weights.
    """
    most = [min(count, part.limit or count) for count, part in zip(available, parts, strict=True)]
    shares = [count / part.weight for count, part in zip(most, parts, strict=True) if part.weight]
    unit = min(shares, default=0)
    # the part that sets the unit is whole, whatever floating point makes of it
    return [
        min(count, int(part.weight * unit + 1e-6)) if part.weight else count
        for count, part in zip(most, parts, strict=True)
    ]


def _taken(rows: np.ndarray, parts: Sequence[MixturePart]) -> np.ndarray:
    """Return the places of the rows that the parts take, in the order in which a number of conversations is filled."""
    strata = rows["source"].astype(np.int64) << 32 | rows["group"]
    order = np.lexsort((rows["digest"], _progress(strata, rows["digest"]), rows["source"]))
    sources = rows["source"][order]
    allowed = np.array(budgets(np.bincount(sources, minlength=len(parts)).tolist(), parts))
    taken = _ranks(sources) < allowed[sources]
    order, sources = order[taken], sources[taken]
    return order[np.lexsort((sources, _progress(sources, np.arange(len(sources)))))]


def _progress(strata: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Return how far each row lies in its stratum when ordered by `within`, above 0 and below 1: float64 [rows].

    Rows in the order of this number have the strata in their proportions, up to any row.
    """
    order = np.lexsort((within, strata))
    ordered = strata[order]
    sizes = np.unique(ordered, return_counts=True)[1]
    progress = np.empty(len(strata))
    progress[order] = (_ranks(ordered) + 0.5) / np.repeat(sizes, sizes)
    return progress


def _ranks(ordered: np.ndarray) -> np.ndarray:
    """Return the place of each row among those of equal value, in an array in order: int64 [rows]."""
    return np.arange(len(ordered)) - np.searchsorted(ordered, ordered)


def _passes(part: MixturePart, rows: np.ndarray, groups: Sequence[Group]) -> np.ndarray:
    """Return which rows have a language, a category and a number of turns that the part takes."""
    fits = [
        (part.languages is None or language in part.languages)
        and (part.categories is None or category in part.categories)
        for language, category in groups
    ]
    longest = part.max_turns or np.iinfo(np.int32).max
    passes = np.array(fits, dtype=bool)[rows["group"]] if len(rows) else np.zeros(0, dtype=bool)
    return passes & (rows["turns"] >= (part.min_turns or 0)) & (rows["turns"] <= longest)


def _rows(table: Path, sources: Sequence[str], groups: list[Group]) -> np.ndarray:
    """Read the table; `groups` receives the pairs of language and category in the order they come."""
    places: dict[Group, int] = {}
    parts = [np.empty(0, ROW)]
    for batch in read_batches(table, ROWS_PER_GROUP, ["source", "language", "category", "messages"]):
        rows = np.empty(batch.num_rows, ROW)
        found = batch["source"].to_pylist()
        rows["source"] = [sources.index(name) if name in sources else -1 for name in found]
        pairs = zip(batch["language"].to_pylist(), batch["category"].to_pylist(), strict=True)
        rows["group"] = [places.setdefault(pair, len(places)) for pair in pairs]
        first, rows["turns"] = questions_of(batch["messages"])
        rows["digest"] = [digest_of(question) for question in first]
        parts.append(rows)
    groups.extend(places)
    return np.concatenate(parts)


def questions_of(messages: pa.ListArray) -> tuple[list[str], np.ndarray]:
    """Return the first user message of every conversation, and how many it has: int64 [conversations].

    Args:
        messages: list of {role, content} [conversations], each with a user message.
    """
    flat, parents = pc.list_flatten(messages), pc.list_parent_indices(messages)
    is_user = pc.equal(pc.struct_field(flat, "role"), "user")
    asked, owners = pc.struct_field(flat, "content").filter(is_user), parents.filter(is_user).to_numpy()
    first = np.searchsorted(owners, np.arange(len(messages)))
    return asked.take(pa.array(first)).to_pylist(), np.bincount(owners, minlength=len(messages))


def _refuse_unknown(table: Path, part: MixturePart, groups: set[Group]) -> None:
    """Refuse a language or category that no conversation of a source has: it is misspelled."""
    for key, wanted, found in (
        ("languages", part.languages, {language for language, _ in groups}),
        ("categories", part.categories, {category for _, category in groups if category is not None}),
    ):
        if unknown := sorted(set(wanted or ()) - found):
            there = ", ".join(sorted(found)) or "none"
            raise UserError(
                f"{table}: {part.source}: the mixture's {key} name {', '.join(unknown)}, which no conversation has; "
                f"there are: {there}"
            )


def _refuse_empty(table: Path, parts: Sequence[MixturePart], passed: np.ndarray, free: np.ndarray) -> None:
    there = set(passed.tolist())
    if missing := [part.source for index, part in enumerate(parts) if index not in there]:
        raise UserError(
            f"{table}: no conversation of {', '.join(missing)} is left after cleaning and the mixture's filters; "
            "look at data/clean/counts.json, or take the source out"
        )
    if not len(free):
        raise UserError(
            f"{table}: {len(passed)} conversations are too few: all are held out; add data, or lower "
            "tokenize.eval_fraction"
        )


def _counts(rows: np.ndarray, splits: np.ndarray, passed: np.ndarray, source: int) -> dict[str, Any]:
    here = rows["source"] == source
    return {
        "conversations": int((here & passed).sum()),
        "held_out": int((here & (splits == EVAL)).sum()),
        "trained_on": int((here & (splits == TRAIN)).sum()),
    }
