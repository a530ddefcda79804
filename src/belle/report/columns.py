"""The columns of a page: what is known of each result, cut to the questions that all of them have."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from belle.compare.results import Result
from belle.evaluate import answers as evaluate
from belle.report.page_data.questions import Answer
from belle.report.page_data.systems import Category, Score, System
from belle.report.statistics import DIGITS
from belle.score.hashes import rating_hash
from belle.statistics.single import Interval, macro_interval, wilson


@dataclass(frozen=True)
class Column:
    """One result, and what the page shows of it.

    Attributes:
        label: what the page calls it.
        result: as it was loaded.
        answers: its answers by question.
        scores: by scorer, float64 [questions of the page], NaN = unscored.
        shown: its answers as the page shows them [questions of the page].
    """

    label: str
    result: Result
    answers: dict[str, evaluate.Answer]
    scores: dict[str, np.ndarray]
    shown: tuple[Answer, ...]


def column_of(label: str, result: Result, answers: dict[str, evaluate.Answer], ids: Sequence[str]) -> Column:
    """Return a result, cut to the questions of the page."""
    place_of = {one: place for place, one in enumerate(result.ids)}
    places = [place_of[one] for one in ids]
    scores = {scorer: values[places] for scorer, values in result.scores.items()}
    shown = tuple(
        answer_of(
            answers[one], result.flags[place], {scorer: float(values[number]) for scorer, values in scores.items()}
        )
        for number, (one, place) in enumerate(zip(ids, places, strict=True))
    )
    return Column(label, result, answers, scores, shown)


def answer_of(answer: evaluate.Answer, flags: frozenset[str], scores: Mapping[str, float]) -> Answer:
    """Return an answer as the page shows it."""
    return Answer(
        key=rating_hash(answer.id, answer.answer),
        text=answer.answer,
        thinking=answer.thinking,
        tokens=answer.tokens,
        flags=tuple(sorted(flags)),
        scores={scorer: None if np.isnan(score) else round(score, DIGITS) for scorer, score in scores.items()},
    )


def system_of(column: Column, categories: list[str], params: dict[str, str]) -> System:
    """Return what is known of a system; its scores are over the questions of the page."""
    result, counts = column.result, Counter(flag for answer in column.shown for flag in answer.flags)
    details = result.details.get("scorers", {})
    return System(
        label=column.label,
        revision=result.revision[:10],
        variant=result.variant,
        scores={
            scorer: score_of(values, categories, details.get(scorer, {}))
            for scorer, values in column.scores.items()
            if not np.isnan(values).all()
        },
        shares={flag: round(count / len(column.shown), 6) for flag, count in sorted(counts.items())},
        size_mb=result.details.get("size_mb"),
        times=times_of(result),
        params=params,
        judges=result.details.get("judges", {}),
    )


def score_of(values: np.ndarray, categories: Sequence[str], details: Mapping[str, Any]) -> Score:
    """Return the scores of a system by one scorer; `values` are float64 [questions], NaN = unscored."""
    named, unscored = np.asarray(categories), Counter[str]()
    own = {name: values[named == name] for name in sorted(set(categories))}
    scored = {name: wilson(found) for name, found in own.items() if not np.isnan(found).all()}
    for found in details.get("unscored", {}).values():
        unscored.update(found)
    left = int(np.isnan(values).sum())
    # reasons that do not add up are of other questions
    known = dict(sorted(unscored.items())) if unscored.total() == left else {"unscored": left}
    whole = macro_interval(values, categories)
    by_category = {name: Category(one.n, *_rounded(one)) for name, one in scored.items()}
    return Score(*_rounded(whole), whole.n, known if left else {}, by_category)


def times_of(result: Result) -> dict[str, float]:
    """Return what is known of the time that training, quantizing and answering took."""
    quantized = result.speed.get(f"quantize {result.variant}", {})
    is_its_own = quantized.get("result") == result.details.get("quantized_sha256")
    found = {
        "train_seconds": result.measured("train", "seconds"),
        "quantize_seconds": quantized.get("seconds") if is_its_own else None,
        "answers_per_second": result.measured("generate", "answers_per_second"),
    }
    return {name: value for name, value in found.items() if value is not None}


def differing_params(results: Sequence[Result]) -> list[dict[str, str]]:
    """Return, for each result, the parameters that are not the same in all."""
    flat = [dict(_flatten(result.params)) for result in results]
    keys = sorted({key for one in flat for key in one})
    differing = [key for key in keys if len({one.get(key) for one in flat}) > 1]
    return [{key: one[key] for key in differing if key in one} for one in flat]


def _flatten(params: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in params.items():
        nested = isinstance(value, Mapping)
        pairs += _flatten(value, f"{prefix}{key}.") if nested else [(f"{prefix}{key}", str(value))]
    return pairs


def short_labels(results: Sequence[Result]) -> list[str]:
    """Return the names of the columns: of variants of one experiment the variant alone."""
    if len(results) > 1 and len({result.revision for result in results}) == 1:
        return [result.variant for result in results]
    return [result.label for result in results]


def title_of(results: Sequence[Result], labels: Sequence[str]) -> str:
    """Return the heading of the page."""
    names = ", ".join(labels)
    experiment = results[0].label.partition(":")[0]
    return f"{experiment}: {names}" if labels[0] != results[0].label else names


def _rounded(one: Interval) -> tuple[float, float, float]:
    return round(one.estimate, DIGITS), round(one.low, DIGITS), round(one.high, DIGITS)
