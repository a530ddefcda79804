"""What is removed because it is there already: `clean.deduplicate` and `clean.decontaminate` in params.yaml."""

from typing import Self

from pydantic import Field, model_validator

from belle.config.base import Section


class DeduplicateParams(Section):
    """`clean.deduplicate` in params.yaml."""

    exact: bool
    """Drop rows equal to an earlier one; case, width and punctuation of questions may differ."""
    near: bool
    """Drop rows that are nearly those of a kept one with a longer answer, by MinHash."""
    threshold: float = Field(gt=0, le=1)
    """Jaccard similarity of the shingles of two rows from which one of them is dropped."""
    ngram: int = Field(ge=1, le=16)
    """Tokens of a shingle: Chinese characters, words or operators in a row."""
    permutations: int = Field(ge=1, le=1024)
    """Values of a MinHash signature; more find candidates more surely, and take longer."""
    bands: int = Field(ge=1, le=256)
    """Parts of a signature, of equal size; rows with one part in common are compared."""

    @model_validator(mode="after")
    def _bands_are_equal(self) -> Self:
        if self.permutations % self.bands:
            raise ValueError(f"bands: {self.bands} does not divide permutations: {self.permutations}")
        return self


class DecontaminateParams(Section):
    """`clean.decontaminate` in params.yaml."""

    exact: bool
    """Drop rows with an evaluation question, apart from case, width, blanks and punctuation."""
    near: float | None = Field(gt=0, le=1)
    """Drop rows with a user turn this similar (Jaccard) to a question; null: off."""
    ngram: int | None = Field(ge=1, le=64)
    """Tokens of the n-grams of questions looked for in user turns; null: off."""
    overlap: float = Field(gt=0, le=1)
    """Share of the n-grams of a question from which a user turn holds it."""
