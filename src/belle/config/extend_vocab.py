"""Vocabulary extension: `extend_vocab` in params.yaml."""

from pydantic import model_validator

from belle.config.base import Section


class ExtendVocabParams(Section):
    """`extend_vocab` in params.yaml; the stage cannot be enabled yet."""

    enabled: bool
    """Add tokens to the vocabulary; not built yet, must be false."""

    @model_validator(mode="after")
    def _not_yet(self) -> "ExtendVocabParams":
        if self.enabled:
            raise ValueError("vocabulary extension is not built yet; set extend_vocab.enabled to false")
        return self
