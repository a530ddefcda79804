"""Engine and thresholds of the cleaning filters: `clean` in params.yaml."""

from pydantic import Field

from belle.config.base import Section
from belle.config.clean_filters import FilterParams
from belle.config.deduplication import DecontaminateParams, DeduplicateParams


class CleanParams(Section):
    """`clean` in params.yaml."""

    engine: str = Field(pattern=r"^(local|ray://[^/\s:]+:\d+)$")
    """Where rows are looked at: `local`, or `ray://HOST:PORT` of a Ray cluster; the results are the same bytes."""
    min_characters: int = Field(ge=1)
    """Minimum characters of a user or assistant message; a shorter one drops its conversation."""
    max_characters: int = Field(ge=1)
    """Maximum characters of a conversation, all its messages together; a longer one is dropped."""
    deduplicate: DeduplicateParams
    decontaminate: DecontaminateParams
    simplify: bool
    """Write Traditional Chinese in Simplified characters; texts with Japanese kana stay as they are."""
    filters: FilterParams
