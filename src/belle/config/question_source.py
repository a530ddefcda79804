"""Where an evaluation set comes from and how it is written; apart from its metrics, which no download depends on."""

import unicodedata
from typing import Annotated, Literal

from pydantic import Field, model_validator

from belle.config.base import Section
from belle.config.source import Source


def normalize_category(name: str) -> str:
    """Return a category's name in NFKC and case-folded, blanks around it removed.

    BELLE's evaluation set says `closed qa` with a no-break space where its judge prompts say `closed QA`.
    """
    return unicodedata.normalize("NFKC", name).casefold().strip()


class EvalDownload(Section):
    """What the download of an evaluation set depends on."""

    source: Annotated[Source, Field(discriminator="kind")]
    format: Literal["questions", "belle"] = "questions"
    """Keys of a row: `question`, `reference`, `category`, or BELLE's `question`, `std_answer`, `class`."""
    judge_prompts: str | None = None
    """File of the source that holds the judge's prompts: `class` and `prompt` in each row."""

    @model_validator(mode="after")
    def _pinned(self) -> "EvalDownload":
        if self.source.kind == "hub" and self.source.revision is None:
            raise ValueError("source.revision: an evaluation set is always pinned: scores compare on equal questions")
        return self
