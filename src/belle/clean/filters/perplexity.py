"""Drop rows whose text is unlike the rest of the table."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pyarrow as pa

from belle.clean.filters.content import ContentFilter, Seen, blocks
from belle.clean.filters.ngram_model import NgramModel
from belle.config.clean import CleanParams

FEWEST_CHARACTERS = 20
"""The perplexity of a shorter row is chance."""


@dataclass(frozen=True)
class Perplexity(ContentFilter):
    """Drop rows whose perplexity per character is above a limit, all messages together.

    CCNet (Wenzek et al. 2020, arXiv 1911.00359) keeps what a 5-gram model of Wikipedia finds likely. A checkpoint of
    the model chain cannot judge here: cleaning would depend on a model in every experiment. So the model is one of
    characters, learned from a sample of the table itself.

    Attributes:
        maximum: the limit.
        model: learned by `fitted`.
    """

    maximum: float
    model: NgramModel = field(default_factory=NgramModel)
    reason = "perplexity"

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "Perplexity | None":
        """Take the limit of params.yaml; null is none."""
        return None if params.filters.perplexity is None else cls(params.filters.perplexity)

    def fitted(self, texts: Iterable[str]) -> "Perplexity":
        """Learn the model from rows of the table."""
        model = NgramModel()
        for block in blocks(texts):
            model.learn(block)
        return replace(self, model=model)

    def see(self, roles: pa.Array, contents: pa.Array) -> Seen:
        """Return the perplexity of the rows above the limit."""
        found: Seen = []
        for block in blocks("\n".join(texts) for texts in contents.to_pylist()):
            perplexities = self.model.perplexities(block).tolist()
            found += [
                f"perplexity {one:.0f}" if one > self.maximum and len(text) >= FEWEST_CHARACTERS else None
                for text, one in zip(block, perplexities, strict=True)
            ]
        return found
