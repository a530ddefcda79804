"""A data/clean to look at: kept conversations and texts, dropped rows with their reasons, counts."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa

from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, write_table
from belle.files import write_json

REASONS = ("unreadable", "malformed", "too_long", "contaminated", "duplicate")
DROPPED_SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("id", "source", "language", "category", "table", "reason", "match")),
        pa.field("similarity", pa.float32()),
        *(pa.field(name, pa.string()) for name in ("detail", "text")),
    ]
)


def dropped_row(identity: str, reason: str, text: str = "user: 问\n\nassistant: 答", **more: Any) -> dict[str, Any]:
    """A row of dropped.parquet."""
    known = {"source": "test", "language": "zh", "table": "conversations"}
    return {"id": identity, "reason": reason, "text": text, **known, **more}


def write_clean(folder: Path, conversations: list, dropped: list = (), texts: list = (), unreadable: int = 0) -> Path:
    """Write the tables into `folder`; so many rows of the source `test` could not be read."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / CONVERSATIONS, conversations, CONVERSATION_SCHEMA)
    write_table(folder / TEXTS, texts, TEXT_SCHEMA)
    write_table(folder / "dropped.parquet", dropped, DROPPED_SCHEMA)
    counts = {}
    for name, kept in (("conversations", conversations), ("texts", texts)):
        removed = [(row["source"], row["reason"]) for row in dropped if row["table"] == name]
        removed += [("test", "unreadable")] * (unreadable if name == "conversations" else 0)
        counts |= {
            f"{name}_in": len(kept) + len(removed),
            f"{name}_kept": len(kept),
            f"{name}_dropped": _by_reason(reason for _, reason in removed),
            f"{name}_by_source": {
                source: {
                    "in": sum(row["source"] == source for row in kept) + sum(of == source for of, _ in removed),
                    "kept": sum(row["source"] == source for row in kept),
                    "dropped": _by_reason(reason for of, reason in removed if of == source),
                }
                for source in dict.fromkeys([*(row["source"] for row in kept), *(of for of, _ in removed)])
            },
        }
    write_json(folder / "counts.json", counts)
    return folder


def _by_reason(found) -> dict[str, int]:
    counts = Counter(found)
    return {reason: counts[reason] for reason in REASONS}
