"""Switches and limits of the filters on content: `clean.filters` in params.yaml; docs/filters.md describes each."""

from typing import Annotated, Literal

from pydantic import Field

from belle.config.base import Section

Language = Literal[
    "zh", "en", "mixed", "ja", "ko", "ar", "bg", "cs", "da", "de", "el", "es", "fi", "fr", "he", "hi", "hu", "id",
    "it", "nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi",
]  # fmt: skip
"""Languages that are told apart; `mixed` is Chinese with much text in an alphabet."""


class LanguageParams(Section):
    """`clean.filters.language` in params.yaml."""

    min_letters: int = Field(ge=1)
    """Letters of an alphabet by which a language is identified; a row with fewer is kept."""
    allowed: Annotated[list[Language], Field(min_length=1)] | None
    """Languages of the rows that are kept; null keeps all."""


class FilterParams(Section):
    """`clean.filters` in params.yaml."""

    mojibake: bool
    """Drop rows with replacement characters, or with text that was read in the wrong encoding."""
    control_characters: bool
    """Drop rows with bidirectional controls, hidden tags, private-use or unassigned characters."""
    repeated_lines: float | None = Field(ge=0, lt=1)
    """Highest share of an answer's characters in repeated lines; null is no limit."""
    repeated_ngrams: float | None = Field(ge=0, lt=1)
    """Highest share of an answer's words in repeated 10-grams; null is no limit."""
    perplexity: float | None = Field(gt=1)
    """Highest perplexity per character under a trigram model of the table; null is no limit."""
    gpt_questions: bool
    """Drop rows with a question that tells a GPT model what to do, a trace of how it was generated."""
    self_reference: bool
    """Drop rows with an answer in which the model calls itself an AI."""
    refusals: bool
    """Drop rows whose answer refuses, or says that it cannot."""
    missing_input: bool
    """Drop rows whose first question speaks of a text, table or picture that is not there."""
    english_answers: bool
    """Drop rows with an English answer to a Chinese question that is not about a language or code."""
    belle_blacklist: bool
    """Drop rows with one of the 18 words that BELLE's generation threw away, as in 图片 and http."""
    blacklist: list[Annotated[str, Field(min_length=1)]] | None
    """Words and phrases that drop a row; letters in this case; null is none."""
    language: LanguageParams
