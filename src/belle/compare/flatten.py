"""Nested params with dotted keys."""

from collections.abc import Mapping
from typing import Any


def flatten(params: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return nested params with dotted keys."""
    found: dict[str, Any] = {}
    for key, value in params.items():
        found |= flatten(value, f"{above}{key}.") if isinstance(value, Mapping) else {f"{above}{key}": value}
    return found
