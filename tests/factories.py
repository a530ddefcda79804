"""Conversations and rows that tests of several rooms share."""

from typing import Any


def message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def conversation(*turns: str, system: str | None = None) -> list[dict[str, str]]:
    """Turns of the user and the assistant, alternating; a system message first when given."""
    roles = ("user", "assistant")
    opening = [] if system is None else [message("system", system)]
    return opening + [message(roles[index % 2], turn) for index, turn in enumerate(turns)]


def conversation_row(
    identity: str, *turns: str, source: str = "test", language: str = "zh", category: str | None = None
) -> dict[str, Any]:
    """A row of data/raw/conversations.parquet."""
    return {
        "id": identity,
        "source": source,
        "language": language,
        "category": category,
        "messages": conversation(*turns),
    }
