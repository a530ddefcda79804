"""Drop conversations with a user turn that is, holds or resembles an evaluation question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.decontamination.question_index import QuestionIndex, Shared
from belle.clean.deduplication.overlap import jaccard
from belle.clean.deduplication.tokens import Tokens, tokenize
from belle.clean.filters.filter import Filter
from belle.config.clean import CleanParams
from belle.config.deduplication import DecontaminateParams
from belle.data.cleaned import CONTAMINATED
from belle.data.slices import offsets, row_slices
from belle.libraries.daft_setup import daft

FOUND = pa.struct({"question": pa.string(), "similarity": pa.float32(), "how": pa.string()}.items())
"""The question that a row holds: its id, the similarity to it, and by what it was found."""
SHINGLE = 3
"""Tokens of the shingles by which the similarity of a turn and a question is measured."""
SURE = np.float32(0.9)
"""Less similar turns must also have the numbers, operators and names of a question, or they are another question."""
Found = tuple[str, float, str]


@dataclass(frozen=True)
class ContaminatedConversation(Filter):
    """Drop conversations with a user turn that is, holds or resembles an evaluation question.

    `detail` says by what it was found: `exact` (equal comparison keys, similarity 1), `near` (Jaccard similarity of
    shingles), `n-gram` (the share of the question's n-grams that stand in the turn). The first that applies counts,
    and within it the question with the largest similarity.

    Attributes:
        questions: comparison key of each evaluation question → its id.
        params: `clean.decontaminate`.
    """

    questions: dict[str, str]
    params: DecontaminateParams
    reason = CONTAMINATED
    tables = ("conversations",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "ContaminatedConversation | None":
        """Take the evaluation questions, unless all of decontamination is switched off."""
        ways = params.decontaminate
        return cls(questions, ways) if ways.exact or ways.near or ways.ngram else None

    def drops(self) -> daft.Expression:
        """Look whether a question was found."""
        return daft.col("contamination").get("question").not_null()

    def match(self) -> daft.Expression:
        """Return the question's id."""
        return daft.col("contamination").get("question")

    def similarity(self) -> daft.Expression:
        """Return the similarity to the question."""
        return daft.col("contamination").get("similarity")

    def detail(self) -> daft.Expression:
        """Return by what it was found."""
        return daft.col("contamination").get("how")

    def columns(self) -> dict[str, daft.Expression]:
        """Return what was found, or null."""

        @daft.func.batch(return_dtype=daft.DataType.from_arrow_type(FOUND), use_process=False)
        def contamination(roles: daft.Series, keys: daft.Series) -> pa.Array:
            role, key = roles.to_arrow(), keys.to_arrow()
            return pa.concat_arrays([self.found(role[rows], key[rows]) for rows in row_slices(key)])

        return {"contamination": contamination(daft.col("roles"), daft.col("keys"))}

    def found(self, roles: pa.Array, keys: pa.Array) -> pa.Array:
        """Return what is found in each row: two lists of strings [n] → `FOUND` [n]."""
        is_user = pc.equal(pc.list_flatten(roles), "user").to_numpy(zero_copy_only=False)
        counts = np.diff(offsets(keys))
        row = np.repeat(np.arange(len(counts)), counts)[is_user].tolist()
        turns = pc.list_flatten(keys).filter(pa.array(is_user)).to_pylist()
        found: list[Found | None] = [None] * len(keys)
        tokens = tokenize(turns)
        # what comes later takes the place of what came before
        for turn, hit in (*self._by_ngram(tokens), *self._near(tokens), *self._exact(turns)):
            found[row[turn]] = hit
        return pa.array([hit and dict(zip(FOUND.names, hit, strict=True)) for hit in found], FOUND)

    def _exact(self, turns: Sequence[str]) -> list[tuple[int, Found]]:
        if not self.params.exact:
            return []
        hits = [(turn, self.questions[key]) for turn, key in enumerate(turns) if key in self.questions]
        # reversed: of several turns the first one counts
        return [(turn, (question, 1.0, "exact")) for turn, question in reversed(hits)]

    def _near(self, tokens: Tokens) -> list[tuple[int, Found]]:
        if self.params.near is None:
            return []
        pairs = self._near_index.find(tokens)
        similarity = jaccard(pairs.shared, pairs.message_size, pairs.question_size)
        return self._hits(pairs, similarity, self.params.near, "near")

    def _by_ngram(self, tokens: Tokens) -> list[tuple[int, Found]]:
        if self.params.ngram is None:
            return []
        pairs = self._ngram_index.find(tokens)
        share = (pairs.shared / pairs.question_size).astype(np.float32)
        return self._hits(pairs, share, self.params.overlap, "n-gram")

    def _hits(self, pairs: Shared, similarity: np.ndarray, least: float, how: str) -> list[tuple[int, Found]]:
        """Return the pairs that are similar enough, each turn's most similar question last."""
        ids = list(self.questions.values())
        order = np.lexsort((-pairs.question, similarity))
        same = pairs.has_signs | (similarity >= SURE)
        order = order[same[order] & (similarity[order] >= np.float32(least))]
        values = (pairs.message[order].tolist(), pairs.question[order].tolist(), similarity[order].tolist())
        return [(turn, (ids[question], value, how)) for turn, question, value in zip(*values, strict=True)]

    @cached_property
    def _near_index(self) -> QuestionIndex:
        return QuestionIndex(list(self.questions), SHINGLE, self.params.near or 1)

    @cached_property
    def _ngram_index(self) -> QuestionIndex:
        return QuestionIndex(list(self.questions), self.params.ngram or 1, self.params.overlap)
