"""Read the tables of data/clean once, from front to back, and count what the card shows."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belle.data_card.batches import batches
from belle.data_card.lengths import Lengths
from belle.data_card.sample import Examples, chosen, digests
from belle.data_card.words import Words

INSTRUCTIONS_READ = 100_000
EXAMPLES_KEPT, EXAMPLES_DROPPED = 2, 3
GROUPS = ("source", "language", "category", "turns")
DROPPED_GROUPS = ("table", "source", "reason", "language", "category")

Group = tuple[Any, ...]


@dataclass
class Kept:
    """What was counted in the kept rows of a table.

    Attributes:
        rows: rows by source, language, category and turns (user messages); of texts the last two are None.
        lengths: by source, then by what is measured.
        words: of the first user messages, by language.
        examples: by source.
    """

    rows: Counter[Group] = field(default_factory=Counter)
    lengths: dict[str, dict[str, Lengths]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Lengths)))
    words: dict[str, Words] = field(default_factory=lambda: defaultdict(Words))
    examples: Examples = field(default_factory=lambda: Examples(EXAMPLES_KEPT))


@dataclass
class Dropped:
    """What was counted in the dropped rows.

    Attributes:
        rows: by table, source, reason, language and category.
        examples: by table and reason.
    """

    rows: Counter[Group] = field(default_factory=Counter)
    examples: Examples = field(default_factory=lambda: Examples(EXAMPLES_DROPPED))


def measure_conversations(path: Path) -> Kept:
    """Count the kept conversations.

    Raises:
        UserError: no such table, or a damaged one.
    """
    kept = Kept()
    for rows, batch in batches(path, "describe conversations"):
        messages = batch["messages"]
        flat, ends = pc.list_flatten(messages), np.cumsum(pc.list_value_length(messages).to_numpy())
        roles = pc.struct_field(flat, "role")
        characters = pc.utf8_length(pc.struct_field(flat, "content")).to_numpy().astype(np.int64)
        is_user = pc.equal(roles, "user").to_numpy(zero_copy_only=False)
        is_answer = pc.equal(roles, "assistant").to_numpy(zero_copy_only=False)
        _count_groups(kept.rows, batch, _sums(is_user.astype(np.int64), ends))
        sources = batch["source"].to_numpy(zero_copy_only=False)
        message_sources = np.repeat(sources, np.diff(ends, prepend=0))
        for source in dict.fromkeys(sources):
            here, lengths = message_sources == source, kept.lengths[source]
            lengths["question"].add(characters[here & is_user])
            lengths["answer"].add(characters[here & is_answer])
            lengths["conversation"].add(_sums(characters, ends)[sources == source])
        order = digests(batch["id"])
        kept.examples.add(batch, list(sources), order)
        _read_instructions(kept.words, batch.filter(pa.array(chosen(order, INSTRUCTIONS_READ, rows))))
    return kept


def measure_texts(path: Path) -> Kept:
    """Count the kept texts.

    Raises:
        UserError: no such table, or a damaged one.
    """
    kept = Kept()
    for _, batch in batches(path, "describe texts"):
        _count_groups(kept.rows, batch, None)
        sources = batch["source"].to_numpy(zero_copy_only=False)
        characters = pc.utf8_length(batch["text"]).to_numpy().astype(np.int64)
        for source in dict.fromkeys(sources):
            kept.lengths[source]["text"].add(characters[sources == source])
        kept.examples.add(batch, list(sources), digests(batch["id"]))
    return kept


def measure_dropped(path: Path) -> Dropped:
    """Count the dropped rows of both tables.

    Raises:
        UserError: no such table, or a damaged one.
    """
    dropped = Dropped()
    for _, batch in batches(path, "describe dropped rows"):
        keys = list(zip(*(batch[name].to_pylist() for name in DROPPED_GROUPS), strict=True))
        dropped.rows.update(keys)
        dropped.examples.add(batch, [(table, reason) for table, _, reason, *_ in keys], digests(batch["id"]))
    return dropped


def _sums(values: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return the sum of each row's values: [messages], [rows] → [rows]."""
    return np.diff(np.append(0, np.cumsum(values))[np.append(0, ends)])


def _count_groups(counts: Counter[Group], batch: pa.RecordBatch, turns: np.ndarray | None) -> None:
    columns = {name: batch[name] for name in GROUPS if name in batch.schema.names}
    columns |= {} if turns is None else {"turns": pa.array(turns)}
    table = pa.table(columns)
    for row in table.group_by(table.column_names).aggregate([([], "count_all")]).to_pylist():
        counts[tuple(row.get(name) for name in GROUPS)] += row["count_all"]


def _read_instructions(words: dict[str, Words], batch: pa.RecordBatch) -> None:
    for language, messages in zip(batch["language"].to_pylist(), batch["messages"].to_pylist(), strict=True):
        first = next((message["content"] for message in messages if message["role"] == "user"), None)
        if first is not None:
            words[language].add(first, language)
