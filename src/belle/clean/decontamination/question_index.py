"""Find evaluation questions in many messages by the shingles they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from belle.clean.deduplication.guard import is_exact, is_short
from belle.clean.deduplication.overlap import common
from belle.clean.deduplication.shingles import Shingles, distinct, shingle
from belle.clean.deduplication.tokens import Tokens, tokenize


@dataclass(frozen=True)
class Shared:
    """Pairs of a message and a question with shingles in common; sizes and numbers of distinct shingles.

    Attributes:
        message: int64 [pairs].
        question: int64 [pairs].
        shared: shingles of both, int64 [pairs].
        message_size: int64 [pairs].
        question_size: int64 [pairs].
        has_signs: whether the message has the numbers, operators and names of the question
            (`belle.clean.deduplication.guard`), bool [pairs].
    """

    message: np.ndarray
    question: np.ndarray
    shared: np.ndarray
    message_size: np.ndarray
    question_size: np.ndarray
    has_signs: np.ndarray


class QuestionIndex:
    """Finds the questions of which a message has at least a given share of the shingles, all of them.

    Of each question only its rarest shingles are looked up: a message that has the share `least` of m shingles has at
    least one of any m - ⌈least · m⌉ + 1 of them (prefix filtering, Chaudhuri, Ganti and Kaushik 2006). So questions
    that begin alike cost no more than others.

    Args:
        keys: comparison keys of the questions.
        size: tokens of a shingle.
        least: smallest share of the shingles of a question, above 0.
    """

    def __init__(self, keys: Sequence[str], size: int, least: float) -> None:
        self.size, self.least = size, least
        tokens = tokenize(keys)
        exact = is_exact(tokens) | np.repeat(is_short(tokens), tokens.counts)
        self.questions, self._exact = message_shingles(tokens, size), chosen_tokens(tokens, exact)
        sizes = np.diff(self.questions.starts)
        hashes = self.questions.hashes
        rarity = np.unique(hashes, return_inverse=True, return_counts=True)
        question = np.repeat(np.arange(len(sizes)), sizes)
        order = np.lexsort((hashes, rarity[2][rarity[1]], question))
        place = np.arange(len(hashes)) - self.questions.starts[question]
        rare = order[place < (sizes - np.ceil(least * sizes - 1e-9) + 1)[question]]
        by_hash = rare[np.argsort(hashes[rare], kind="stable")]
        self._hashes, self._question = hashes[by_hash], question[by_hash]

    def find(self, tokens: Tokens) -> Shared:
        """Return the pairs with enough in common, ordered by message and question."""
        messages = message_shingles(tokens, self.size)
        sizes = np.diff(messages.starts)
        message, question = self._candidates(messages, sizes)
        shared = common(messages, message, self.questions, question)
        question_sizes = np.diff(self.questions.starts)[question]
        near = shared >= self.least * question_sizes - 1e-9
        message, question = message[near], question[near]
        has_signs = self._has_signs(tokens, message, question)
        return Shared(message, question, shared[near], sizes[message], question_sizes[near], has_signs)

    def _has_signs(self, tokens: Tokens, message: np.ndarray, question: np.ndarray) -> np.ndarray:
        present = chosen_tokens(tokens, np.ones(len(tokens.hashes), bool))
        return common(present, message, self._exact, question) == np.diff(self._exact.starts)[question]

    def _candidates(self, messages: Shingles, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        hits = np.flatnonzero(np.isin(messages.hashes, self._hashes))
        begins = np.searchsorted(self._hashes, messages.hashes[hits])
        counts = np.searchsorted(self._hashes, messages.hashes[hits], side="right") - begins
        ends = np.cumsum(counts)
        at = np.arange(counts.sum()) + np.repeat(begins - ends + counts, counts)
        message = np.repeat(np.repeat(np.arange(len(sizes)), sizes)[hits], counts)
        pairs = np.unique(message * len(self.questions.starts) + self._question[at])
        return np.divmod(pairs, len(self.questions.starts))


def message_shingles(tokens: Tokens, size: int) -> Shingles:
    """Return the distinct shingles of each message."""
    messages = np.arange(len(tokens.counts) + 1)
    return distinct(shingle(tokens, size, messages, np.zeros(len(messages), np.uint64)))


def chosen_tokens(tokens: Tokens, chosen: np.ndarray) -> Shingles:
    """Return the distinct tokens of each message among those that are chosen, bool [tokens]."""
    at = np.flatnonzero(chosen)
    hashes = (tokens.hashes[at] >> np.uint64(32)).astype(np.uint32)
    return distinct(Shingles(hashes, np.searchsorted(at, tokens.starts)))
