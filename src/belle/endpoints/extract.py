"""The replies that a result was made from, as JSON Lines sorted by key: an output that makes the result without a key.

No times, no ids of a server: the same replies give the same bytes, on whichever machine they were paid for.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from belle.data.json_lines import Line, read_json_lines
from belle.endpoints.reply import Reply
from belle.endpoints.store import ReplyStore


class StoredReply(Line):
    """One line: `id` is the key of the request."""

    id: str = Field(pattern=r"^[0-9a-f]{64}$")
    reply: Reply


def write_replies(path: Path, store: ReplyStore, keys: Iterable[str]) -> None:
    """Write the replies to the requests with these keys; those without one are left out."""
    with path.open("w", encoding="utf-8") as stream:
        for key in sorted(set(keys)):
            if reply := store.reply(key):
                line = {"id": key, "reply": reply.model_dump()}
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def import_replies(path: Path, store: ReplyStore) -> int:
    """Add the replies of such a file to a store; return how many it holds.

    Raises:
        UserError: a line that is no reply.
    """
    if path.stat().st_size == 0:
        return 0
    lines = read_json_lines(path, StoredReply, "delete it, the replies can be asked for again")
    for line in lines:
        store.add(line.id, line.reply)
    return len(lines)
