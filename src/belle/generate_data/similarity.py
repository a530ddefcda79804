"""Which earlier instruction a new one repeats: ROUGE-L over characters."""

import unicodedata
from typing import NamedTuple

from rapidfuzz.distance import Indel
from rapidfuzz.process import extractOne

NAME = "ROUGE-L F1 over characters"
"""2 × LCS / (m + n), with the longest common subsequence of texts of m and n characters: Lin 2004, section 3.1, with
equal weights. `Indel.normalized_similarity` is exactly this: 1 − (m + n − 2 × LCS) / (m + n)."""


class Match(NamedTuple):
    """The earlier text that is most similar, the first of them in a tie."""

    id: str
    similarity: float


class SeenInstructions:
    """Instructions to compare new ones with: those of the seed tasks, and of every task that was kept since."""

    def __init__(self, max_similarity: float) -> None:
        self.max_similarity = max_similarity
        self._ids: list[str] = []
        self._texts: list[str] = []

    def add(self, identity: str, instruction: str) -> None:
        """Compare later instructions with this one too."""
        self._ids.append(identity)
        self._texts.append(_comparable(instruction))

    def match(self, instruction: str) -> Match | None:
        """Return what an instruction repeats, None when all are less similar than the maximum."""
        found = extractOne(
            _comparable(instruction),
            self._texts,
            scorer=Indel.normalized_similarity,
            processor=None,
            score_cutoff=self.max_similarity,
        )
        return Match(self._ids[found[2]], found[1]) if found else None


def _comparable(text: str) -> str:
    """Return a text without differences of width, case and white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
