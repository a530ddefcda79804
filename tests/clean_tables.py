"""A data/clean to look at: kept conversations and texts, dropped rows with their reasons, counts."""

from collections import Counter
from pathlib import Path
from typing import Any

from belle.clean.clean import DROPPED_SCHEMA
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, MALFORMED_SCHEMA, TEXT_SCHEMA, TEXTS, write_table
from belle.files import write_json

REASONS = ("unreadable", "malformed", "too_long", "contaminated", "duplicate")


def dropped_row(identity: str, reason: str, text: str = "user: 问\n\nassistant: 答", **more: Any) -> dict[str, Any]:
    """A row of dropped.parquet."""
    known = {"source": "test", "language": "zh", "table": "conversations"}
    return {"id": identity, "reason": reason, "text": text, **known, **more}


def write_clean(folder: Path, conversations: list, dropped: list = (), texts: list = (), unreadable: int = 0) -> Path:
    """Write data/clean into `folder`, and beside it in raw/ so many unreadable rows of the source `test`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "raw").mkdir(exist_ok=True)
    malformed = [
        {"source": "test", "file": "a.json", "row": row, "problem": "no output", "text": "{}"}
        for row in range(1, unreadable + 1)
    ]
    write_table(folder.parent / "raw/conversations.malformed.parquet", malformed, MALFORMED_SCHEMA)
    write_table(folder.parent / "raw/texts.malformed.parquet", [], MALFORMED_SCHEMA)
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
