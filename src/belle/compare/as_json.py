"""A comparison as one JSON object: everything that the sentences and tables say, and more."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from belle.compare.pair import Pair, verdict_of
from belle.compare.params import differing_params
from belle.compare.side import Side
from belle.statistics.equivalence import Equivalence
from belle.statistics.paired import Difference
from belle.statistics.single import macro_interval

DIGITS = 6


def as_json(
    sides: Sequence[Side], pairs: Sequence[Pair], scorer: str, sentences: Sequence[str], notes: Sequence[str]
) -> str:
    """Return a comparison as indented JSON, numbers with DIGITS significant digits; null for what is not finite."""
    results = [result for side in sides for result in side.results]
    found = {
        "scorer": scorer,
        "sentences": list(sentences),
        "notes": list(notes),
        "sides": [_side(side, scorer) for side in sides],
        "pairs": [_pair(pair) for pair in pairs],
        "params": {"of": [result.label for result in results], "differing": differing_params(results)},
    }
    return json.dumps(_plain(found), ensure_ascii=False, indent=2)


def _side(side: Side, scorer: str) -> dict[str, Any]:
    return {
        "label": side.label,
        "results": [
            {
                "label": result.label,
                "revision": result.revision,
                "variant": result.variant,
                "seed": result.params.get("seed"),
                **asdict(macro_interval(result.scores[scorer], result.categories)),
                "size_mb": result.details.get("size_mb"),
            }
            for result in side.results
        ],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "a": pair.a.label,
        "b": pair.b.label,
        "verdict": pair.verdict,
        "not_comparable": pair.not_comparable,
        "p_holm": pair.p,
        "overall": _difference(pair.overall),
        "categories": {
            name: _difference(found) | {"p_holm": pair.category_p[name]} for name, found in pair.categories.items()
        },
        "equivalence": _equivalence(pair.equivalence),
        "same_answers": pair.same_answers,
        "unscored_p": pair.unscored_p,
        "people": [asdict(one) | {"agrees": one.agrees} for one in pair.people],
        "analyses": [
            {
                "name": one.name,
                "verdict": None if pair.not_comparable else verdict_of(one.difference.estimate, one.difference.p),
                **_difference(one.difference),
            }
            for one in pair.analyses
        ],
        "analyses_with_the_same_verdict": pair.holding,
    }


def _difference(found: Difference) -> dict[str, Any]:
    spread = {"standard_error": found.standard_error, "df": found.spread.df}
    return asdict(found) | spread | {"smallest_detectable": found.smallest_detectable}


def _equivalence(found: Equivalence | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value
