"""Cross-section checks of the judges: their endpoints, and the prompts of the evaluation set."""

from collections.abc import Iterator

from belle.config.base import CONFIGS
from belle.config.endpoint import EndpointProfile
from belle.config.endpoint_checks import endpoint_problems
from belle.config.evaluate import EvaluateParams
from belle.config.evaluation_set import EvalProfile
from belle.config.judge import BUDGET


def scorable(evaluate: EvaluateParams, evaluation_set: EvalProfile) -> Iterator[str]:
    """Refuse a scorer that the evaluation set brings nothing for."""
    file = f"{CONFIGS}/eval/{evaluate.set}.yaml"
    if evaluate.scorer != "judge" and not evaluation_set.metrics:
        yield f"evaluate.scorer: {file} names no metrics, its answers need a judge; set this to judge"
    if evaluate.scorer != "metrics" and evaluation_set.judge_prompts is None:
        yield (
            f"evaluate.scorer: {file} names no judge_prompts; take a set that brings them (belle does), add a file of "
            "them to this set (docs/judge.md), or set this to metrics"
        )


def usable_judge(evaluate: EvaluateParams, judge_profile: EndpointProfile) -> Iterator[str]:
    """Refuse a judge that `endpoint_problems` refuses."""
    if evaluate.scorer != "metrics":
        judge = evaluate.judge
        yield from endpoint_problems("evaluate.judge.endpoint", judge.endpoint, judge_profile, BUDGET, judge.budget)


def usable_second_judge(evaluate: EvaluateParams, second_judge_profile: EndpointProfile) -> Iterator[str]:
    """Refuse a second judge that `endpoint_problems` refuses, and one that is the first."""
    judge, key = evaluate.judge, "evaluate.judge.second_endpoint"
    if evaluate.scorer == "metrics" or judge.second_endpoint is None:
        return
    if judge.second_endpoint == judge.endpoint:
        yield f"{key}: {judge.endpoint} is the judge already; raise evaluate.judge.repeats instead, or name another"
        return
    yield from endpoint_problems(key, judge.second_endpoint, second_judge_profile, BUDGET, judge.budget)


def compared_anchors(evaluate: EvaluateParams) -> Iterator[str]:
    """Refuse a later round of anchors without anchors."""
    judge = evaluate.judge
    if evaluate.scorer != "metrics" and judge.anchor_round and not judge.anchors:
        yield (
            f"evaluate.judge.anchors: 0, and anchor_round is {judge.anchor_round}: nothing is judged again; set "
            "this to as many as in round 0"
        )
