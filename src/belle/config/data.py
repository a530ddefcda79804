"""Which conversations are trained on and how they are cleaned: `data`, `clean`, configs/data/*.yaml."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from belle.config.section import Section
from belle.config.source import Source

Format = Literal["conversations", "alpaca", "belle", "sharegpt", "belle-multiturn", "openai", "text"]


class DataParams(Section):
    """`data` in params.yaml."""

    sources: list[str] = Field(min_length=1)
    """Files under configs/data/, without `.yaml`; their rows follow one another in this order."""
    limit: int | None = Field(gt=0)
    """Keep the first so many rows of each source; null keeps all."""
    text_sources: list[str]
    """Files under configs/data/ whose format is `text`: the corpus of the pretrain stage."""
    text_limit: int | None = Field(gt=0)
    """Keep the first so many texts of each text source; null keeps all."""
    allow_unpinned: bool
    """Download hub data sets whose profile names no revision."""

    @model_validator(mode="after")
    def _no_repeats(self) -> "DataParams":
        names = [*self.sources, *self.text_sources]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"a source can be named once: {', '.join(repeated)}")
        return self


class DataProfile(Section):
    """One file of configs/data/: a data source and how its rows are written."""

    source: Annotated[Source, Field(discriminator="kind")]
    format: Format
    """How to read the rows; `text` is plain text for pre-training, the others are conversations."""
    language: str = Field(pattern=r"^[a-z]{2}$")
    license: str
    homepage: str


class CleanParams(Section):
    """`clean` in params.yaml: thresholds of the cleaning rules, in characters."""

    min_characters: int = Field(ge=1)
    """Shortest message kept (of every user and assistant turn)."""
    max_characters: int = Field(ge=1)
    """Longest conversation kept, all its messages together."""
    drop_duplicates: bool
    drop_evaluation_rows: bool
    """Drop rows whose question is in the evaluation set."""
