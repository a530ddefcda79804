"""What the judges are asked about the answers in the workspace, for batches and for an estimate of the cost.

It is what the stage `judge` asks, key by key. The sharper requests follow from the replies, and come as those are here.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from belle.config.base import load_params, load_profile
from belle.config.endpoint import EndpointProfile
from belle.config.judge import BUDGET, JudgeParams
from belle.config.judging import JudgeName, Judging, planned_judging
from belle.endpoints.budget import Budget
from belle.endpoints.earlier import import_earlier
from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from belle.endpoints.structured import Outcome, outcome_in, probe_requests
from belle.errors import UserError
from belle.evaluate.answers import ANSWERS
from belle.judge.ask import Judge
from belle.judge.judgments import REPLIES
from belle.judge.material import Material, read_material
from belle.judge.prompts import check_prompts
from belle.judge.second_round import requests_to

EVAL = Path("eval")


class Round(NamedTuple):
    """What one judge is asked about one variant, and what that may cost."""

    variant: str
    profile: EndpointProfile
    budget: Budget
    requests: list[Request]


def rounds(variants: Sequence[str]) -> Iterator[Round]:
    """Yield the requests about some variants, all that have answers when none is named.

    Raises:
        UserError: params.yaml asks no judge, there are no answers, or a prompt is missing.
    """
    judging = planned_judging().judging
    if judging is None:
        raise UserError("params.yaml: evaluate.scorer: no judge is asked; set it to judge or both")
    budget = load_params(JudgeParams, "evaluate.judge").budget
    for variant in variants or _with_answers():
        material = read_material(variant)
        check_prompts(material.prompts, material.answers, judging.params.output)
        with ReplyStore() as store:
            import_earlier(EVAL / "judgments" / variant, REPLIES, store)
            for name, planned in judging.judges.items():
                profile = load_profile(EndpointProfile, "endpoint", planned.endpoint)
                limits = Budget(budget.tokens, budget.money, planned.prices, BUDGET)
                yield Round(variant, profile, limits, _requests(judging, name, profile, material, store))


def _requests(
    judging: Judging, name: JudgeName, profile: EndpointProfile, material: Material, store: ReplyStore
) -> list[Request]:
    """Return the requests of one judge; one that has not been probed is taken to know the form its profile names."""
    probes = probe_requests(profile, judging.judges[name].endpoint) if judging.params.output == "json" else []
    outcome: Outcome | None = (outcome_in(store, probes[-1].key) or "enforced") if probes else None
    return [*probes, *requests_to(Judge.of(judging, name, profile, outcome), material, store)]


def _with_answers() -> list[str]:
    found = sorted(path.parent.name for path in EVAL.glob(f"*/{ANSWERS}"))
    if not found:
        raise UserError(f"{EVAL}: no variant has answers; run `dvc repro generate`")
    return found
