"""Too little memory as one line for people."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from belle.errors import UserError


@contextmanager
def memory_errors_named(what: str, advice: str) -> Iterator[None]:
    """Raise a UserError when the block needs more memory than there is, on a GPU or not.

    Args:
        what: what the block does.
        advice: what to do about it.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # the one that torch raises on the CPU has no type of its own
        if not isinstance(error, MemoryError | torch.OutOfMemoryError) and "allocate memory" not in str(error):
            raise
        at = "the GPU" if isinstance(error, torch.OutOfMemoryError) else "this machine"
        raise UserError(f"{what}: the memory of {at} is too small; {advice}") from None
