"""What `belle add` prints: rows as they were understood, and what to do next."""

from pathlib import Path

from belle.data.tables import Row

SHOWN_CHARACTERS = 200


def render(row: Row) -> str:
    """Return a conversation or a text of data/raw as lines, long contents shortened."""
    messages = row.get("messages") or [{"role": "text", "content": row.get("text", "")}]
    return "\n".join([row["id"], *(f"  {message['role']}: {shorten(message['content'])}" for message in messages)])


def shorten(text: str) -> str:
    """Return a text on one line, its end cut off when it is long."""
    line = text.replace("\n", "\\n")
    return line if len(line) <= SHOWN_CHARACTERS else line[:SHOWN_CHARACTERS] + "…"


def say_next(profile: Path, place: Path | None, *overrides: str) -> None:
    """Print what was written, and the command that uses it.

    Args:
        profile: the file that was written.
        place: where a local source lies, None for a URL or a hub repository.
        overrides: `KEY=VALUE` that switch to the profile.
    """
    print(f"wrote {profile}")
    if place is not None:
        print(f"dvc follows {place}: edit it there, and dvc repro uses the change")
    print("next:")
    print(f"  git add {' '.join(['configs', *(['inputs'] if place else [])])}")
    switches = " ".join(f"-S '{override}'" for override in overrides)
    print(f"  dvc exp run {switches}")
