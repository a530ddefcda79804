"""Drop conversations with a user turn that is, holds or resembles an evaluation question."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.decontamination.turns import Hit, QuestionsInTurns
from belle.clean.filters.filter import Filter
from belle.config.clean import CleanParams
from belle.data.cleaned import CONTAMINATED
from belle.data.slices import offsets, row_slices
from belle.libraries.daft_setup import daft

FOUND = pa.struct({"question": pa.string(), "similarity": pa.float32(), "how": pa.string()}.items())
"""The question that a row holds: its id, the similarity to it, and by what it was found."""


@dataclass(frozen=True)
class ContaminatedConversation(Filter):
    """Drop conversations with a user turn that is, holds or resembles an evaluation question.

    `detail` says by what it was found: `exact`, `near` or `n-gram`. The first that applies counts, and within it the
    question with the largest similarity.

    Attributes:
        finder: of the questions, by the settings `clean.decontaminate`.
    """

    finder: QuestionsInTurns
    reason = CONTAMINATED
    tables = ("conversations",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "ContaminatedConversation | None":
        """Take the evaluation questions, unless all of decontamination is switched off."""
        ways = params.decontaminate
        return cls(QuestionsInTurns(questions, ways)) if ways.exact or ways.near or ways.ngram else None

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
        found: list[Hit | None] = [None] * len(keys)
        for hit in self.finder.hits(turns):
            # what comes later takes the place of what came before
            found[row[hit.turn]] = hit
        return pa.array([hit and dict(zip(FOUND.names, hit[1:], strict=True)) for hit in found], FOUND)
