"""What is compared with what: one result, or several training seeds of one choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_uppercase
from typing import Any

import numpy as np

from belle.compare.questions import check_same_questions
from belle.compare.results import Result, load_results
from belle.errors import UserError
from belle.score.scoring import JUDGE, METRICS

PRETRAINED = "models/pretrained"


@dataclass(frozen=True)
class Side:
    """One choice.

    Attributes:
        letter: A for the first one; stands for it in tables.
        label: what it is called.
        results: one for each training seed, in the order of the seeds; a single one where seeds are not compared.
    """

    letter: str
    label: str
    results: tuple[Result, ...]

    @property
    def first(self) -> Result:
        """The result that stands for what all seeds have in common."""
        return self.results[0]

    @property
    def seeds(self) -> tuple[Any, ...]:
        """The training seed of each result."""
        return tuple(result.params.get("seed") for result in self.results)

    def scores(self, scorer: str) -> np.ndarray:
        """Return float64 [seeds, questions], NaN = unscored."""
        return np.stack([result.scores[scorer] for result in self.results])

    def flagged(self, flag: str) -> np.ndarray:
        """Return which questions have an answer with this flag, bool [questions]."""
        return np.array(
            [any(flag in one for one in flags) for flags in zip(*(r.flags for r in self.results), strict=True)]
        )

    @property
    def scorers(self) -> list[str]:
        """The scorers that every result has."""
        return [name for name in self.first.scores if all(name in result.scores for result in self.results)]


def load_sides(names: Sequence[str]) -> list[Side]:
    """Load what is compared: names as `load_results` reads them; commas join several training seeds of one choice.

    Raises:
        UserError: fewer than two, names that cannot be loaded, other questions, or seeds of more than one choice.
    """
    if len(names) < 2:
        raise UserError("name two or more experiments, commits or variants: belle compare A B")
    if len(names) > len(ascii_uppercase):
        raise UserError(f"{len(names)} names; at most {len(ascii_uppercase)} are compared at once")
    parts = [name.split(",") for name in names]
    results = load_results([part for group in parts for part in group])
    for other in results[1:]:
        check_same_questions(results[0], other)
    waiting = iter(results)
    return [
        _side(letter, [next(waiting) for _ in group]) for letter, group in zip(ascii_uppercase, parts, strict=False)
    ]


def choose_scorer(sides: Sequence[Side], asked: str | None) -> str:
    """Return the scorer to compare by: the one asked for, or else the judge, then the metrics, then any.

    Raises:
        UserError: not every side has scores of it.
    """
    common = [name for name in sides[0].scorers if all(name in side.scorers for side in sides)]
    if asked in common:
        return str(asked)
    have = "; ".join(f"{side.label} has {', '.join(side.scorers)}" for side in sides)
    if asked is not None:
        raise UserError(f"no scores of {asked!r} on every side: {have}")
    if not common:
        raise UserError(f"no scorer in common: {have}; score them alike with evaluate.scorer, and `dvc repro`")
    return next((name for name in (JUDGE, METRICS) if name in common), common[0])


def paired_by_seed(a: Side, b: Side) -> bool:
    """Say whether the two have the same seeds, and what each seed made of pre-training: runs pair up then."""
    made = [tuple(result.lock.hash_of(PRETRAINED) for result in side.results) for side in (a, b)]
    depends_on_seed = len(set(made[0])) > 1
    return a.seeds == b.seeds and made[0] == made[1] and None not in made[0] and depends_on_seed


def differing_params(results: Sequence[Result]) -> dict[str, list[Any]]:
    """Return the params that differ, by their dotted keys in the order of params.yaml: one value for each result.

    None where a params.yaml does not have the key.
    """
    flat = [flatten(result.params) for result in results]
    keys = dict.fromkeys(key for params in flat for key in params)
    values = {key: [params.get(key) for params in flat] for key in keys}
    return {key: row for key, row in values.items() if any(value != row[0] for value in row)}


def flatten(params: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return nested params with dotted keys."""
    found: dict[str, Any] = {}
    for key, value in params.items():
        found |= flatten(value, f"{above}{key}.") if isinstance(value, Mapping) else {f"{above}{key}": value}
    return found


def _side(letter: str, results: list[Result]) -> Side:
    if len(results) == 1:
        return Side(letter, results[0].label, tuple(results))
    labels = ", ".join(result.label for result in results)
    if len({result.variant for result in results}) > 1:
        raise UserError(f"{labels}: training seeds of one side are of one variant")
    if others := sorted(differing_params(results).keys() - {"seed"}):
        raise UserError(f"{labels}: training seeds of one choice differ in `seed` alone, these in {', '.join(others)}")
    for one, other in combinations(results, 2):
        if one.params.get("seed") == other.params.get("seed"):
            raise UserError(f"{one.label} and {other.label} have the same seed; give one of them")
    ordered = sorted(results, key=lambda result: result.params["seed"])
    return Side(letter, f"{results[0].label} ({len(results)} seeds)", tuple(ordered))
