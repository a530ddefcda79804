"""Replies that an earlier run of a stage used: DVC's cache has them, on whatever machine they were paid for."""

from pathlib import Path

from belle.endpoints.extract import import_replies
from belle.endpoints.store import ReplyStore


def import_earlier(directory: Path, name: str, store: ReplyStore) -> int:
    """Add the replies of an output as dvc.lock has it; DVC deletes the output itself before its stage runs.

    So whoever pulls an experiment can change what is made of its replies, without a key.

    Args:
        directory: the output, as dvc.yaml names it.
        name: of the file in there that holds them.
        store: receives them.

    Returns:
        How many replies there were, 0 where DVC's cache does not have the output.
    """
    path = _in_cache(directory, name)
    return import_replies(path, store) if path else 0


def _in_cache(directory: Path, name: str) -> Path | None:
    """Return where DVC's cache has the replies, None where it has not."""
    # a second of imports, which a stage that is off need not wait for
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        with Repo() as repo:
            (out,) = repo.find_outs_by_path(directory.as_posix(), strict=False)
            for parts, _, digest in out.get_obj() or ():
                if parts == (name,):
                    path = Path(out.cache.oid_to_path(digest.value))
                    return path if path.is_file() else None
    except DvcException:
        pass
    return None
