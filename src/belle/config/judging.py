"""data/check/judge.json: all that the judgments depend on, beside the answers and the prompts."""

from typing import Literal, TypeVar

from belle.config.base import Section, load_params, load_profile, read_value
from belle.config.endpoint import EndpointProfile, ServedModel
from belle.config.judge import JudgeParams, JudgmentParams
from belle.config.prices import Prices, prices_of

JudgeName = Literal["judge", "second_judge"]
S = TypeVar("S", bound=Section)


class PlannedJudge(Section):
    """One judge. How it is reached, how fast and for how much at most is left out."""

    endpoint: str
    """Name of the endpoint's profile."""
    model: ServedModel
    prices: Prices | None
    """What tokens cost; null when unknown."""
    structured: str | None
    """How the server is told of a schema; null when it is not, since replies are asked for as text."""


class Judging(Section):
    """What is asked of which judges."""

    judges: dict[JudgeName, PlannedJudge]
    params: JudgmentParams


class PlannedJudging(Section):
    """The content of the file."""

    judging: Judging | None
    """null when no judge is asked: then nothing about one matters."""


def planned_judging() -> PlannedJudging:
    """Return what `evaluate` in params.yaml plans.

    Raises:
        UserError: the profile of an endpoint is missing or wrong.
    """
    if read_value("evaluate.scorer", str) == "metrics":
        return PlannedJudging(judging=None)
    return PlannedJudging(judging=judging_of(load_params(JudgeParams, "evaluate.judge")))


def judging_of(params: JudgeParams) -> Judging:
    """Return what is asked of which judges.

    Raises:
        UserError: the profile of an endpoint is missing or wrong.
    """
    judges = {name: _planned(endpoint, params.output) for name, endpoint in _endpoints_of(params).items()}
    return Judging(judges=judges, params=_part(JudgmentParams, params))


def _endpoints_of(params: JudgeParams) -> dict[JudgeName, str]:
    """Return the endpoint of each judge."""
    named: dict[JudgeName, str | None] = {"judge": params.endpoint, "second_judge": params.second_endpoint}
    return {name: endpoint for name, endpoint in named.items() if endpoint is not None}


def _planned(endpoint: str, output: str) -> PlannedJudge:
    profile = load_profile(EndpointProfile, "endpoint", endpoint)
    model, prices = _part(ServedModel, profile), prices_of(profile)
    structured = profile.structured if output == "json" else None
    return PlannedJudge(endpoint=endpoint, model=model, prices=prices, structured=structured)


def _part(kind: type[S], whole: S) -> S:
    """Return the keys of a section that its parent `kind` has."""
    return kind.model_validate(whole.model_dump(include=set(kind.model_fields)))
