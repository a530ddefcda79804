"""What differs in how two results were scored: their scores are then of two measures."""

from collections.abc import Iterator
from typing import Any

from belle.compare.result import Result
from belle.compare.side import Side
from belle.score.scoring import HUMAN, METRICS

PROMPTS = "data/eval/judge_prompts.json"
ASKED = ("output", "temperature")
"""Of `evaluate.judge`: what changes the score that is to be expected, not its noise alone."""
PARSER_CODE = tuple(f"src/belle/judge/{name}.py" for name in ("parse", "labels", "objects", "quoted", "values"))


def sides_scored_otherwise(a: Side, b: Side, scorer: str) -> list[str]:
    """Return what was different when the results of two sides were scored, each thing once."""
    others = [*a.results[1:], *b.results]
    return list(dict.fromkeys(one for other in others for one in scoring_differences(a.first, other, scorer)))


def scoring_differences(a: Result, b: Result, scorer: str) -> list[str]:
    """Return what was different when the two were scored, in words that follow their names; nothing for people."""
    if scorer.startswith(HUMAN):
        return []
    return list(_of_metrics(a, b) if scorer == METRICS else _of_judges(a, b, scorer))


def code_difference(a: Result, b: Result, scorer: str) -> str | None:
    """Say that another version of the code scored the two, which may have changed nothing; None when it is the same."""
    if scorer.startswith(HUMAN):
        return None
    if scorer == METRICS:
        what = "computed by two versions of the metrics"
        versions = [[one.details.get("metrics_sha256")] for one in (a, b)]
    else:
        what = "read from replies by two parser versions"
        versions = [[one.lock.dependency(one.table, path) for path in PARSER_CODE] for one in (a, b)]
    if not any(map(_differ, *versions)):
        return None
    return f"scores were {what}, which may differ; `dvc repro` scores them alike"


def _of_metrics(a: Result, b: Result) -> Iterator[str]:
    one, other = (_metrics_of(result) for result in (a, b))
    changed = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    if changed and one and other:
        yield f"other metrics score {', '.join(changed)}"


def _metrics_of(result: Result) -> dict[str, Any]:
    """Return the metric of each category that was asked of; nothing when dvc.lock does not say."""
    profiles, asked = result.lock.profiles(result.table), set(result.categories)
    known = [metric for values in profiles.values() for metric in (values.get("metrics") or {}).items()]
    return {name: metric for name, metric in known if name in asked}


def _of_judges(a: Result, b: Result, scorer: str) -> Iterator[str]:
    models = [_model_of(result, scorer) for result in (a, b)]
    if models[0] != models[1]:
        yield f"judged by {models[0]} and by {models[1]}"
    if _differ(*(result.lock.dependency(result.judgments, PROMPTS) for result in (a, b))):
        yield f"judged with other prompts ({PROMPTS})"
    asked = [(result.params.get("evaluate") or {}).get("judge") or {} for result in (a, b)]
    for key in ASKED:
        one, other = (values.get(key) for values in asked)
        if key in asked[0] and key in asked[1] and one != other:
            yield f"evaluate.judge.{key} is {one} and {other}"


def _model_of(result: Result, scorer: str) -> str:
    judge = (result.details.get("judges") or {}).get(scorer) or {}
    return ", ".join(judge.get("reported_models") or [judge.get("model") or "nobody"])


def _differ(one: str | None, other: str | None) -> bool:
    """Say whether two known hashes are different."""
    return one is not None and other is not None and one != other
