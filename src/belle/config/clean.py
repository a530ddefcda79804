"""Thresholds of the cleaning filters: `clean` in params.yaml."""

from pydantic import Field

from belle.config.base import Section
from belle.config.clean_filters import FilterParams


class CleanParams(Section):
    """`clean` in params.yaml."""

    min_characters: int = Field(ge=1)
    """Minimum characters of a user or assistant message; a shorter one drops its conversation."""
    max_characters: int = Field(ge=1)
    """Maximum characters of a conversation, all its messages together; a longer one is dropped."""
    drop_duplicates: bool
    """Drop rows that repeat an earlier kept row, apart from case, width, white space and punctuation."""
    decontaminate: bool
    """Drop rows that hold a question of the evaluation set."""
    simplify: bool
    """Write Traditional Chinese in Simplified characters; texts with Japanese kana stay as they are."""
    filters: FilterParams
