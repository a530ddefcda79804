"""Which conversations and texts are trained on: `data` in params.yaml, configs/data/*.yaml."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from belle.config.base import ProfileName, Section
from belle.config.source import DataSource

Format = Literal["conversations", "alpaca", "belle", "sharegpt", "belle-multiturn", "openai", "text"]


class TextParams(Section):
    """`data.texts`: the corpus of the stages extend_vocab and pretrain."""

    limit: int | None = Field(gt=0)
    """Use only the first texts of each source, so many; null uses all."""
    sources: list[ProfileName]
    """Data profiles whose format is `text`; rows keep the order of this list."""


class DataParams(Section):
    """`data` in params.yaml."""

    limit: int | None = Field(gt=0)
    """Import only the first conversations of each source, so many; null imports all. For less training on the same data
    see tokenize.train_conversations."""
    allow_unpinned: bool
    """Download hub data sets whose profile names no revision; not repeatable, since they may change."""
    sources: list[ProfileName] = Field(min_length=1)
    """Data profiles or mixtures, files in configs/data or configs/mixture. Rows keep the order of this list."""
    texts: TextParams

    @model_validator(mode="after")
    def _no_repeats(self) -> "DataParams":
        # sources come in mixtures too: belle.config.mixture counts them
        names = [*set(self.sources), *self.texts.sources]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"a source can be named once: {', '.join(repeated)}")
        return self


class DataDownload(Section):
    """What the import of a data source depends on: where it comes from and the format of its rows."""

    source: Annotated[DataSource, Field(discriminator="kind")]
    format: Format
    """Keys of a row (docs/data.md); `text` is plain text for pre-training, the others are conversations."""
    language: str = Field(pattern=r"^[a-z]{2}$")
    """ISO 639-1 code of the rows; with format `conversations` a row may bring its own."""


class DataProfile(DataDownload):
    """One file of configs/data/."""

    license: str
    """License of the data, kept in data/check/licenses.json; `private` for data of your own."""
    homepage: str | None
    """Page that describes the data; null when there is none."""
    rows: int | None = Field(default=None, gt=0)
    """Rows as published, rounded, for `belle estimate`; null when unknown."""
