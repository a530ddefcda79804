"""Mixtures of data sources: configs/mixture/*.yaml, and what `data.sources` in params.yaml comes to."""

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from belle.config.base import CONFIGS, PARAMS, ProfileName, Section, load_profile
from belle.config.messages import nearest
from belle.errors import UserError

FOLDER = "mixture"


class MixturePart(Section):
    """One source, and which of its conversations are trained on."""

    source: ProfileName
    """Data profile, a file under configs/data/."""
    weight: float | None = Field(default=None, gt=0)
    """Share of the conversations trained on, in proportion to the other weights; null takes all."""
    limit: int | None = Field(default=None, gt=0)
    """Conversations trained on at most, spread over languages and categories; null takes all."""
    languages: list[str] | None = Field(default=None, min_length=1)
    """Conversations of these languages only, ISO 639-1 codes; null takes all."""
    categories: list[str] | None = Field(default=None, min_length=1)
    """Conversations of these categories only; null takes all, those without a category too."""
    min_turns: int | None = Field(default=None, gt=0)
    """Conversations of at least so many user messages."""
    max_turns: int | None = Field(default=None, gt=0)
    """Conversations of at most so many user messages."""

    @model_validator(mode="after")
    def _turns_in_order(self) -> Self:
        if self.min_turns and self.max_turns and self.min_turns > self.max_turns:
            raise ValueError(f"min_turns is {self.min_turns}, more than max_turns, {self.max_turns}")
        return self


class Mixture(Section):
    """What the stage tokenize takes of data/clean: data/check/mixture.json."""

    parts: list[MixturePart] = Field(min_length=1)
    """The sources; rows keep the order of this list."""


class MixtureProfile(Mixture):
    """One file of configs/mixture/, named in `data.sources` like a source."""

    homepage: str | None
    """Where the mixture comes from; null when it is your own."""


def _names_in(folder: str) -> list[str]:
    return sorted(path.stem for path in (CONFIGS / folder).glob("*.yaml"))


def mixture_parts(names: Iterable[str]) -> list[MixturePart]:
    """Return the parts that `data.sources` comes to: those of a mixture, and each data profile as a whole.

    Raises:
        UserError: a mixture is wrong, has the name of a data profile or holds another one; a source comes twice; a name
            is misspelled.
    """
    parts: list[MixturePart] = []
    profiles, mixtures = _names_in("data"), _names_in(FOLDER)
    for name in names:
        if name not in mixtures:
            if name not in profiles and (hint := nearest(name, [*profiles, *mixtures])):
                raise UserError(f"{PARAMS}: data.sources: {name} is no data profile and no mixture{hint}")
            parts.append(MixturePart(source=name))
            continue
        if name in profiles:
            raise UserError(f"{PARAMS}: data.sources: {name} is a data profile and a mixture; rename one of the files")
        inside = load_profile(MixtureProfile, FOLDER, name).parts
        if nested := [part.source for part in inside if part.source in mixtures]:
            raise UserError(
                f"{CONFIGS / FOLDER / name}.yaml: parts: {nested[0]} is a mixture; name its sources instead"
            )
        parts += inside
    sources = [part.source for part in parts]
    if repeated := sorted({name for name in sources if sources.count(name) > 1}):
        raise UserError(f"{PARAMS}: data.sources: a source can be named once, in mixtures too: {', '.join(repeated)}")
    return parts
