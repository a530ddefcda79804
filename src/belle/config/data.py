"""Which conversations and texts are trained on: `data` in params.yaml, configs/data/*.yaml."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from belle.config.base import ProfileName, Section
from belle.config.messages import nearest
from belle.config.source import DataSource, Hub, Urls

Format = Literal["conversations", "alpaca", "belle", "sharegpt", "belle-multiturn", "openai", "text"]

FORMAT_KEYS: dict[Format, tuple[str, ...]] = {
    "conversations": ("messages", "language", "category", "id"),
    "alpaca": ("instruction", "input", "output", "category", "id"),
    "belle": ("instruction", "input", "output", "target", "category", "id"),
    "sharegpt": ("conversations", "category", "id"),
    "belle-multiturn": ("instruction", "output", "category", "id"),
    "openai": ("messages", "category", "id"),
    "text": ("text", "id"),
}
"""Keys of a row that an importer reads; others are left aside."""


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
    max_malformed: int = Field(ge=0)
    """Rows of each source that may not fit their format; they are left out. More than that stop the import. Those left
    out are kept in data/raw/TABLE.malformed.parquet with file, row and reason."""
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


class SplitLong(Section):
    """Where long conversations are cut: into pieces of whole turns, each a question with its answers."""

    max_turns: int | None = Field(default=None, gt=0)
    """Turns of a piece, at most; null for any number."""
    max_characters: int | None = Field(default=None, gt=0)
    """Characters of a piece, at most, all its messages together; a single longer turn stays whole. null for any
    number."""

    @model_validator(mode="after")
    def _some_limit(self) -> "SplitLong":
        if self.max_turns is None and self.max_characters is None:
            raise ValueError("set max_turns, max_characters or both, or remove split_long")
        return self


class Categories(Section):
    """Files that say the category of each row: records of `id`, the row's own, and `category`."""

    source: Annotated[Urls | Hub, Field(discriminator="kind")]


class DataDownload(Section):
    """What the import of a data source depends on: where it comes from and how its rows are read."""

    source: Annotated[DataSource, Field(discriminator="kind")]
    format: Format
    """Keys of a row (docs/data.md); `text` is plain text for pre-training, the others are conversations."""
    language: str = Field(pattern=r"^[a-z]{2}$")
    """ISO 639-1 code of the rows; with format `conversations` a row may bring its own."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Key of the format to the column that holds it, as in `instruction: question`, where a row names it otherwise."""
    html_to_markdown: bool = False
    """Convert answers that are HTML to Markdown, as in the raw files of ShareGPT."""
    split_long: SplitLong | None = None
    """Cut long conversations into pieces `ID#1`, `ID#2`, …; null keeps them whole. Turns without a question or without
    an answer are in no piece."""

    categories: Categories | None = None
    """Where the categories of the rows are, when they are published apart; null for rows that bring their own."""

    @model_validator(mode="after")
    def _prepared_as_its_format_allows(self) -> "DataDownload":
        for key in self.columns:
            if key not in (keys := FORMAT_KEYS[self.format]):
                raise ValueError(f"columns: the format {self.format} reads no {key}{nearest(key, keys)}")
        of_conversations = self.html_to_markdown or self.split_long or self.categories
        if self.source.kind == "builtin" and (self.columns or of_conversations):
            raise ValueError("columns, html_to_markdown, split_long, categories: a builtin source has none of them")
        if self.format == "text" and of_conversations:
            raise ValueError("html_to_markdown, split_long, categories: texts are no conversations; remove it")
        return self


class DataProfile(DataDownload):
    """One file of configs/data/."""

    license: str
    """License of the data, kept in data/check/licenses.json; `private` for data of your own."""
    homepage: str | None
    """Page that describes the data; null when there is none."""
    rows: int | None = Field(default=None, gt=0)
    """Rows as published, rounded, for `belle estimate`; null when unknown."""
