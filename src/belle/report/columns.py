"""The columns of a page: what is known of each result, cut to the questions that all of them have."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from belle.compare.params import differing_params, shown
from belle.compare.result import Result
from belle.evaluate import answers as evaluate
from belle.report.page_data.questions import Answer
from belle.report.page_data.systems import Category, Score, System
from belle.score.hashes import rating_hash
from belle.statistics.single import Interval, macro_interval, wilson

DIGITS = 6
"""The page rounds to three; of four digits it would round a second time, to other figures than `belle compare`."""


@dataclass(frozen=True)
class Column:
    """One result, and what the page shows of it.

    Attributes:
        result: cut to the questions of the page, its label that of the column.
        shown: its answers as the page shows them [questions of the page].
    """

    result: Result
    shown: tuple[Answer, ...]


def cut(result: Result, label: str, ids: Sequence[str]) -> Result:
    """Return a result under another label, and of these questions alone."""
    place_of = {one: place for place, one in enumerate(result.ids)}
    places = [place_of[one] for one in ids]
    return replace(
        result,
        label=label,
        ids=list(ids),
        categories=[result.categories[place] for place in places],
        hashes=[result.hashes[place] for place in places],
        flags=[result.flags[place] for place in places],
        scores={scorer: values[places] for scorer, values in result.scores.items()},
        repeats={judge: values[:, places] for judge, values in result.repeats.items()},
    )


def column_of(result: Result, answers: Mapping[str, evaluate.Answer]) -> Column:
    """Return a result, cut to the questions of the page, with its answers by question."""
    scores = [
        {scorer: float(values[place]) for scorer, values in result.scores.items()} for place in range(len(result.ids))
    ]
    shown = map(answer_of, (answers[one] for one in result.ids), result.flags, scores)
    return Column(result, tuple(shown))


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
        label=result.label,
        revision=result.revision[:10],
        variant=result.variant,
        scores={
            scorer: score_of(values, categories, details.get(scorer, {}))
            for scorer, values in result.scores.items()
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


def params_of(results: Sequence[Result]) -> list[dict[str, str]]:
    """Return, for each result, the parameters that are not the same in all."""
    rows = differing_params(results)
    return [{key: shown(values[place]) for key, values in rows.items()} for place in range(len(results))]


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
