"""Drop rows whose answer repeats itself: the same lines, or the same runs of words, over and over."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from belle.clean.filters.content import MessageFilter, blocks
from belle.config.clean import CleanParams
from belle.data.repetition import NGRAM, Characters, repeated_lines, repeated_ngrams


@dataclass(frozen=True)
class Repetition(MessageFilter):
    """Drop rows with an answer of which more than a share stood before in the same answer (`belle.data.repetition`).

    Attributes:
        lines: maximum share in repeated lines, None for no limit.
        ngrams: maximum share in repeated n-grams of `NGRAM` words, None for no limit.
    """

    lines: float | None
    ngrams: float | None
    reason = "repetition"
    roles = ("assistant", "text")

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "Repetition | None":
        """Take both limits of params.yaml; off when neither is set."""
        lines, ngrams = params.filters.repeated_lines, params.filters.repeated_ngrams
        return None if lines is None and ngrams is None else cls(lines, ngrams)

    def see_in(self, texts: pa.Array) -> dict[int, str]:
        """Return the share of the texts above a limit."""
        seen: dict[int, str] = {}
        start = 0
        for block in blocks(texts.to_pylist()):
            characters = Characters(block)
            for limit, measure, name in (
                (self.ngrams, repeated_ngrams, f"of the words in repeated {NGRAM}-grams"),
                (self.lines, repeated_lines, "of the characters in repeated lines"),
            ):
                if limit is not None:
                    shares = measure(characters)
                    above = np.flatnonzero(shares > limit).tolist()
                    seen = {start + at: f"{shares[at]:.0%} {name}" for at in above} | seen
            start += len(block)
        return seen
