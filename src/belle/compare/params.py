"""Params of experiments: which differ, and how they are shown."""

import json
from collections.abc import Sequence
from typing import Any

from belle.compare.flatten import flatten
from belle.compare.result import Result


def differing_params(results: Sequence[Result]) -> dict[str, list[Any]]:
    """Return the params that differ, by their dotted keys in the order of params.yaml: one value for each result.

    None where a params.yaml does not have the key.
    """
    flat = [flatten(result.params) for result in results]
    keys = dict.fromkeys(key for params in flat for key in params)
    values = {key: [params.get(key) for params in flat] for key in keys}
    return {key: row for key, row in values.items() if any(value != row[0] for value in row)}


def shown(value: Any) -> str:
    """Return a value as params.yaml has it; text without quotation marks."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
