"""What the judges are asked about the answers in the workspace, for batches and for an estimate of the cost.

It is what the stage `judge` asks, key by key. The sharper requests follow from the replies, and come as those are here.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from belle.config.base import load_profile
from belle.config.check import find_problems
from belle.config.endpoint import EndpointProfile
from belle.config.evaluate import EvaluateParams
from belle.config.judge import BUDGET
from belle.config.judging import JudgeName, Judging, judging_of
from belle.config.overrides import read_overridden
from belle.endpoints.budget import Budget
from belle.endpoints.earlier import import_earlier
from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from belle.endpoints.structured import Outcome, outcome_in, probe_requests
from belle.errors import UserError
from belle.judge.answered import EVAL, answered, check_overrides, check_set, note_about
from belle.judge.ask import Judge
from belle.judge.judgments import REPLIES
from belle.judge.material import Material, read_material
from belle.judge.prompts import check_prompts
from belle.judge.second_round import requests_to


class Round(NamedTuple):
    """What one judge is asked about one variant, and what that may cost."""

    variant: str
    profile: EndpointProfile
    budget: Budget
    requests: list[Request]


def rounds(variants: Sequence[str], overrides: Sequence[str] = ()) -> Iterator[Round]:
    """Yield the requests about some variants, all that have answers when none is named.

    Args:
        variants: `unquantized`, or schemes of `quantize.schemes`.
        overrides: changes of params.yaml, as in `evaluate.scorer=judge`.

    Raises:
        UserError: params.yaml is wrong or asks no judge, a variant is none or has no answers, or a prompt is missing.
    """
    if problems := find_problems(overrides):
        raise UserError("\n".join(problems))
    params = read_overridden(overrides)
    evaluate = EvaluateParams.model_validate(params["evaluate"])
    if evaluate.scorer == "metrics":
        raise UserError("params.yaml: evaluate.scorer: no judge is asked; set it to judge or both (estimate takes -S)")
    judging, budget = judging_of(evaluate.judge), evaluate.judge.budget
    check_set(evaluate.set)
    check_overrides(params)
    found = answered(variants, params["quantize"]["schemes"])
    if note := note_about(found):
        print(f"note: {note}", file=sys.stderr)
    for variant in found:
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
