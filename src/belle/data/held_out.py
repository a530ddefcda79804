"""Conversations and texts held out for the evaluation loss, by a hash of their content: whatever else is there."""

import hashlib
import re
import unicodedata

import numpy as np

NO_LETTER = re.compile(r"[\W_]+")


def digest_of(text: str) -> int:
    """Return 64 bits of a hash of the letters and digits of a text: the same for another width, case or punctuation.

    Conversations are held out by that of their question, so that all sources that ask it hold it out.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return int.from_bytes(hashlib.sha256((NO_LETTER.sub("", folded) or folded).encode()).digest()[:8])


def held_out(digests: np.ndarray, share: float) -> np.ndarray:
    """Return which rows are held out: those whose digest lies in the lowest `share` of all digests there can be.

    A row is held out or not by its own digest alone. Only a table where no digest lies that low holds out the lowest.

    Args:
        digests: uint64 [rows], of `digest_of`.
        share: about this fraction of the rows.

    Returns:
        bool [rows].
    """
    if not len(digests):
        return np.zeros(0, dtype=bool)
    lowest = digests < np.uint64(min(share * 2.0**64, 2.0**64 - 2048))
    return lowest if lowest.any() else digests == digests.min()
