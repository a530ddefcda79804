"""Replies that an earlier run of a stage used: DVC's cache has them, on whatever machine they were paid for.

dvc.lock names them, and that of the last commit: the one here forgets them once the stage is off, for which DVC may
restore the empty output without running anything.
"""

import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from belle.endpoints.extract import import_replies
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.last_commit import committed

if TYPE_CHECKING:
    from dvc.output import Output

LOCK = Path("dvc.lock")
FEWEST_BYTES = 64
"""Of an output that holds a reply: its key alone has so many. One of a stage that was off has fewer."""


def keep_earlier_replies(directory: Path, name: str, are_needed: bool) -> None:
    """Add the replies of an output to the store; when its stage is off now, dvc.lock is about to forget them.

    Args:
        directory: the output, as dvc.yaml names it.
        name: of the file in there that holds them.
        are_needed: whether the stage is on; otherwise it is a note when they cannot be read.

    Raises:
        UserError: they are needed, and cannot be read.
    """
    if not (are_needed or has_replies(directory)):
        return
    try:
        with ReplyStore() as store:
            import_earlier(directory, name, store)
    except UserError as error:
        if are_needed:
            raise
        print(f"note: {error}", file=sys.stderr)


def has_replies(directory: Path) -> bool:
    """Return whether dvc.lock names an output with replies."""
    return bool(_digests(_lock(), directory))


def import_earlier(directory: Path, name: str, store: ReplyStore) -> None:
    """Add the replies of an output as dvc.lock has it; DVC deletes the output itself before its stage runs.

    So whoever pulls an experiment can change what is made of its replies, without a key. Where an earlier run used
    none, nothing is added.

    Args:
        directory: the output, as dvc.yaml names it.
        name: of the file in there that holds them.
        store: receives them.

    Raises:
        UserError: DVC's cache does not have them, and they would be paid for again. It is a note where the last commit
            alone names them.
    """
    _import(directory, name, store)
    if _digests(committed(LOCK), directory) - _digests(_lock(), directory):
        try:
            _import(directory, name, store, "HEAD")
        except UserError:
            print(
                f"note: {directory}: replies that the last commit names are not in DVC's cache, and may be paid for "
                f"again; `dvc fetch --all-commits {directory}` brings them",
                file=sys.stderr,
            )


def import_beside(directory: Path, name: str, store: ReplyStore) -> None:
    """Add the replies of the outputs beside this one, as far as DVC's cache has them.

    Another variant may have given equal answers, and its stage nothing to do: it would not bring the replies to them.
    """
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        with Repo() as repo:
            outs = repo.find_outs_by_path(directory.parent.as_posix(), recursive=True, strict=False)
    except DvcException:
        return
    for out in outs:
        if out.def_path != directory.as_posix():
            with suppress(FileNotFoundError):
                _add(out, name, store)


def _import(directory: Path, name: str, store: ReplyStore, revision: str | None = None) -> None:
    # a second of imports, which a stage that is off need not wait for
    from dvc.exceptions import DvcException, NotDvcRepoError, OutputNotFoundError
    from dvc.repo import Repo

    try:
        with Repo(rev=revision) as repo:
            (out,) = repo.find_outs_by_path(directory.as_posix(), strict=False)
            _add(out, name, store)
    except (NotDvcRepoError, OutputNotFoundError):
        return
    except DvcException as error:
        words = " ".join(str(error).split())
        raise UserError(f"{directory}: the replies of an earlier run cannot be looked for: {words}") from None
    except FileNotFoundError:
        raise UserError(
            f"{directory}: the replies of an earlier run are not in DVC's cache; `dvc fetch {directory}` brings them "
            f"(to pay for them again instead, delete the stage {out.stage.addressing} from dvc.lock)"
        ) from None


def _add(out: "Output", name: str, store: ReplyStore) -> None:
    """Add the replies of an output, where an earlier run wrote any.

    Raises:
        FileNotFoundError: DVC's cache has lost them.
    """
    if not out.hash_info or (out.meta.size is not None and out.meta.size < FEWEST_BYTES):
        return
    if (tree := out.get_obj()) is None:
        raise FileNotFoundError
    for parts, _, digest in tree:
        if parts == (name,):
            import_replies(Path(out.cache.oid_to_path(digest.value)), store)


def _lock() -> str:
    return LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""


def _digests(lock: str, directory: Path) -> set[str]:
    """Return which contents a dvc.lock names for an output, those without replies left out."""
    # dvc itself takes a second to say so
    pattern = rf" path: {re.escape(directory.as_posix())}\n(?: +\w+: \S+\n)*? +md5: (\S+)\n +size: (\d+)\n"
    return {digest for digest, size in re.findall(pattern, lock) if int(size) >= FEWEST_BYTES}
