"""Vocabulary extension: `extend_vocab` in params.yaml."""

from pydantic import Field

from belle.config.base import Section


class ExtendVocabParams(Section):
    """`extend_vocab` in params.yaml: new tokens for Chinese text, learned from data.texts.sources."""

    enabled: bool
    """Add tokens to the vocabulary; false makes models/extended a pointer to models/decrypted."""
    new_tokens: int = Field(ge=1)
    """Tokens that are added; BELLE added 47458 to LLaMA's 32000."""
    character_coverage: float = Field(gt=0, le=1)
    """Share of the Chinese characters of the texts that become tokens. The most frequent do; the rest stay bytes."""
    max_characters: int = Field(ge=2, le=64)
    """Characters of the longest new token."""
