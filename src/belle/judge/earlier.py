"""Replies that earlier judgments of a variant used, as dvc.lock still names them."""

import re
import sys
from pathlib import Path

from belle.errors import UserError
from belle.judge.judgments import REPLIES

LOCK = Path("dvc.lock")
NOTHING = len("{}\n")
"""Bytes of the output when no judge is asked."""


def keep_earlier_replies(output: Path, are_needed: bool) -> None:
    """Add the replies of an output to the store; when no judge is asked, dvc.lock is about to forget them.

    Args:
        output: eval/judgments/VARIANT.
        are_needed: whether a judge is asked; otherwise it is a note when they cannot be read.

    Raises:
        UserError: they are needed, and cannot be read.
    """
    if not (are_needed or was_judged(output)):
        return
    from belle.endpoints.earlier import import_earlier
    from belle.endpoints.store import ReplyStore

    try:
        with ReplyStore() as store:
            import_earlier(output, REPLIES, store)
    except UserError as error:
        if are_needed:
            raise
        print(f"note: {error}", file=sys.stderr)


def was_judged(output: Path) -> bool:
    """Return whether dvc.lock has judgments in an output."""
    # dvc itself takes a second to say so
    lock = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    pattern = rf" path: {re.escape(output.as_posix())}\n(?: +\w+: \S+\n)*? +size: (\d+)\n"
    return any(int(size) > NOTHING for size in re.findall(pattern, lock))
