"""Find evaluation questions in user turns: turns that are one, resemble one or hold one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from belle.clean.decontamination.question_index import QuestionIndex, Shared
from belle.clean.deduplication.overlap import jaccard
from belle.clean.deduplication.tokens import Tokens, tokenize
from belle.config.deduplication import DecontaminateParams

SHINGLE = 3
"""Tokens of the shingles by which the similarity of a turn and a question is measured."""
SURE = np.float32(0.9)
"""Less similar turns must also have the numbers, operators and names of a question, or they are another question."""
EXACT, NEAR, BY_NGRAM = "exact", "near", "n-gram"


class Hit(NamedTuple):
    """A question found in a turn.

    Attributes:
        turn: index of the turn.
        question: its id.
        similarity: to it, from 0 to 1.
        how: `exact` (equal comparison keys, similarity 1), `near` (Jaccard similarity of shingles) or `n-gram` (the
            share of the question's n-grams that stand in the turn).
    """

    turn: int
    question: str
    similarity: float
    how: str


@dataclass(frozen=True)
class QuestionsInTurns:
    """Finds the evaluation questions in user turns.

    Attributes:
        questions: comparison key of each evaluation question → its id.
        params: `clean.decontaminate`.
    """

    questions: Mapping[str, str]
    params: DecontaminateParams

    def hits(self, turns: Sequence[str]) -> Iterator[Hit]:
        """Yield what is found in turns, given by their comparison keys.

        What says more comes later: exact hits behind near ones, those behind hits by n-grams, and of one kind the more
        similar questions; of several turns with an equal question the first one comes last.
        """
        tokens = tokenize(turns)
        yield from self._by_ngram(tokens)
        yield from self._near(tokens)
        yield from self._exact(turns)

    def _exact(self, turns: Sequence[str]) -> Iterator[Hit]:
        if self.params.exact:
            for turn in reversed(range(len(turns))):
                if turns[turn] in self.questions:
                    yield Hit(turn, self.questions[turns[turn]], 1.0, EXACT)

    def _near(self, tokens: Tokens) -> Iterator[Hit]:
        if self.params.near is not None:
            pairs = self._near_index.find(tokens)
            similarity = jaccard(pairs.shared, pairs.message_size, pairs.question_size)
            yield from self._hits(pairs, similarity, self.params.near, NEAR)

    def _by_ngram(self, tokens: Tokens) -> Iterator[Hit]:
        if self.params.ngram is not None:
            pairs = self._ngram_index.find(tokens)
            share = (pairs.shared / pairs.question_size).astype(np.float32)
            yield from self._hits(pairs, share, self.params.overlap, BY_NGRAM)

    def _hits(self, pairs: Shared, similarity: np.ndarray, least: float, how: str) -> Iterator[Hit]:
        """Yield the pairs that are similar enough, each turn's most similar question last."""
        ids = list(self.questions.values())
        order = np.lexsort((-pairs.question, similarity))
        same = pairs.has_signs | (similarity >= SURE)
        order = order[same[order] & (similarity[order] >= np.float32(least))]
        values = (pairs.message[order].tolist(), pairs.question[order].tolist(), similarity[order].tolist())
        for turn, question, value in zip(*values, strict=True):
            yield Hit(turn, ids[question], value, how)

    @cached_property
    def _near_index(self) -> QuestionIndex:
        return QuestionIndex(list(self.questions), SHINGLE, self.params.near or 1)

    @cached_property
    def _ngram_index(self) -> QuestionIndex:
        return QuestionIndex(list(self.questions), self.params.ngram or 1, self.params.overlap)
