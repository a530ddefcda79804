"""The files of data/generated."""

import json
from collections.abc import Iterable
from pathlib import Path

from belle.config.source import Generated
from belle.data.tables import Row
from belle.files import write_json

CONVERSATIONS = Path(Generated.path).name
"""Kept conversations, in the format `openai`."""
DROPPED = "dropped.jsonl"
"""What was written and not kept, each with its reason."""
REPLIES = "replies.jsonl"
"""The replies that both were made from."""
META = "meta.json"
"""Counts, tokens and cost."""


def write_nothing(out: Path) -> None:
    """Write what the stage leaves when it is off: files without rows."""
    for name in (CONVERSATIONS, DROPPED, REPLIES):
        (out / name).touch()
    write_json(out / META, {"conversations": 0})


def write_lines(path: Path, rows: Iterable[Row]) -> None:
    """Write rows as JSON Lines."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
