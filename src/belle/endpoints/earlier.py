"""Replies that an earlier run of a stage used: DVC's cache has them, on whatever machine they were paid for."""

from pathlib import Path
from typing import TYPE_CHECKING

from belle.endpoints.extract import import_replies
from belle.endpoints.store import ReplyStore
from belle.errors import UserError

if TYPE_CHECKING:
    from dvc.output import Output

FEWEST_BYTES = 64
"""Of an output that holds a reply: its key alone has so many. One of a stage that was off has fewer."""


def import_earlier(directory: Path, name: str, store: ReplyStore) -> int:
    """Add the replies of an output as dvc.lock has it; DVC deletes the output itself before its stage runs.

    So whoever pulls an experiment can change what is made of its replies, without a key.

    Args:
        directory: the output, as dvc.yaml names it.
        name: of the file in there that holds them.
        store: receives them.

    Returns:
        How many replies there were, 0 where no earlier run used any.

    Raises:
        UserError: DVC's cache does not have them, and they would be paid for again.
    """
    # a second of imports, which a stage that is off need not wait for
    from dvc.exceptions import DvcException, NotDvcRepoError, OutputNotFoundError
    from dvc.repo import Repo

    try:
        with Repo() as repo:
            (out,) = repo.find_outs_by_path(directory.as_posix(), strict=False)
            path = _in_cache(out, directory, name)
    except (NotDvcRepoError, OutputNotFoundError):
        return 0
    except DvcException as error:
        words = " ".join(str(error).split())
        raise UserError(f"{directory}: the replies of an earlier run cannot be looked for: {words}") from None
    return import_replies(path, store) if path else 0


def _in_cache(out: "Output", directory: Path, name: str) -> Path | None:
    """Return where DVC's cache has the file, None where no earlier run wrote one."""
    if not out.hash_info or (out.meta.size is not None and out.meta.size < FEWEST_BYTES):
        return None
    tree = out.get_obj()
    digests = [digest.value for parts, _, digest in tree or () if parts == (name,)]
    path = Path(out.cache.oid_to_path(digests[0])) if digests else None
    if tree is None or (path and not path.is_file()):
        raise UserError(
            f"{directory}: the replies of an earlier run are not in DVC's cache; `dvc fetch {directory}` brings them "
            f"(to pay for them again instead, delete the stage {out.stage.addressing} from dvc.lock)"
        )
    return path
