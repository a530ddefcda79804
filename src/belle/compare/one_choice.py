"""Training seeds of one choice: results that differ in the seed, and in nothing else that they were made from."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from belle.compare.lock import hashes_of, profiles_of
from belle.compare.params import differing_params
from belle.compare.result import Result
from belle.compare.side import Side
from belle.errors import UserError

PRETRAINED = "models/pretrained"
GIVEN = ("data/raw/", "data/clean/", "models/base", "models/promoted/")
"""What training is given; no seed changes it, unless conversations are generated."""
CODE = ("src/", "stages/")


def paired_by_seed(a: Side, b: Side) -> bool:
    """Say whether the two have the same seeds, and share what each seed made: the pre-trained or the trained model."""
    pretrained = [[result.lock.hash_of(PRETRAINED) for result in side.results] for side in (a, b)]
    trained = [[result.model for result in side.results] for side in (a, b)]
    return a.seeds == b.seeds and any(
        one == other and None not in one and len(set(one)) > 1 for one, other in (pretrained, trained)
    )


def check_one_choice(results: Sequence[Result]) -> None:
    """Raise a UserError when results are no training seeds of one choice."""
    labels = ", ".join(result.label for result in results)
    if len({result.variant for result in results}) > 1:
        raise UserError(f"{labels}: training seeds of one side are of one variant")
    for result in results:
        if not isinstance(result.params.get("seed"), int):
            raise UserError(f"{result.label}: its params.yaml has no whole number as `seed`; it is no training seed")
    if others := sorted(differing_params(results).keys() - {"seed"}):
        raise UserError(f"{labels}: training seeds of one choice differ in `seed` alone, these in {', '.join(others)}")
    for one, other in combinations(results, 2):
        if one.params.get("seed") == other.params.get("seed"):
            raise UserError(f"{one.label} and {other.label} have the same seed; give one of them")
        if changed := _differing(given_to(one), given_to(other)):
            raise UserError(
                f"{one.label} and {other.label} are no training seeds of one choice: {', '.join(changed)} "
                "differ too; train both from the same data, models and profiles (`dvc repro` in each)"
            )


def given_to(result: Result) -> dict[str, Any]:
    """Return what a result was made from beside params and code: hashes of data and models, and profiles, by path."""
    generated = (result.params.get("generate_data") or {}).get("enabled")
    found: dict[str, Any] = {}
    for _, stage in result.lock.upstream(result.table):
        found |= profiles_of(stage)
        found |= {path: md5 for path, md5 in hashes_of(stage, "deps").items() if path.startswith(GIVEN)}
    return {path: one for path, one in found.items() if not (generated and path.startswith("data/"))}


def code_note(results: Sequence[Result]) -> str | None:
    """Say which code differed between training seeds of one choice, which may have changed nothing; None when none."""
    first = _code_of(results[0])
    changed = list(dict.fromkeys(path for other in results[1:] for path in _differing(first, _code_of(other))))
    if not changed:
        return None
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    labels = ", ".join(result.label for result in results)
    return (
        f"{labels}: made by different versions of the code ({changed[0]}{more}): they may differ in more than the seed"
    )


def _code_of(result: Result) -> dict[str, str]:
    stages = [stage for _, stage in result.lock.upstream(result.table)]
    return {path: md5 for one in stages for path, md5 in hashes_of(one, "deps").items() if path.startswith(CODE)}


def _differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return sorted(path for path in one.keys() & other.keys() if one[path] != other[path])
