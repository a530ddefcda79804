"""data/check/generate_data.json: all that the generated conversations depend on."""

from typing import TypeVar

from belle.config.base import Section, load_params, load_profile, read_value
from belle.config.endpoint import EndpointProfile, ServedModel
from belle.config.generate_data import GenerateDataParams, SelfInstructParams
from belle.config.inputs import tracked_hash
from belle.config.prices import Prices, prices_of

S = TypeVar("S", bound=Section)


class Generation(Section):
    """What is asked of which model. How it is reached, how fast and for how much at most is left out."""

    endpoint: str
    """Name of the endpoint's profile."""
    model: ServedModel
    prices: Prices | None
    """What tokens cost; null when unknown."""
    params: SelfInstructParams
    seed: int
    """Decides which seed tasks a request shows."""
    tracked: str | None
    """The hash by which dvc tracks the file of seed tasks, null for the project's own."""


class PlannedGeneration(Section):
    """The content of the file."""

    generation: Generation | None
    """null when nothing is generated: then nothing about it matters."""


def planned_generation() -> PlannedGeneration:
    """Return what `generate_data` in params.yaml plans.

    Raises:
        UserError: the endpoint's profile is missing or wrong, or dvc does not track the seed tasks.
    """
    if not read_value("generate_data.enabled", bool):
        return PlannedGeneration(generation=None)
    params = load_params(GenerateDataParams, "generate_data")
    profile = load_profile(EndpointProfile, "endpoint", params.endpoint)
    return PlannedGeneration(
        generation=Generation(
            endpoint=params.endpoint,
            model=_part(ServedModel, profile),
            prices=prices_of(profile),
            params=_part(SelfInstructParams, params),
            seed=read_value("seed", int),
            tracked=tracked_hash(params.seed_tasks) if params.seed_tasks else None,
        )
    )


def _part(kind: type[S], whole: S) -> S:
    """Return the keys of a section that its parent `kind` has."""
    return kind.model_validate(whole.model_dump(include=set(kind.model_fields)))
