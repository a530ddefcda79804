"""Typed values of a record; what is wrong is said by key, `belle.data.importers.records` adds file and row."""

from typing import Any

Record = dict[str, Any]


class RowError(Exception):
    """A record does not fit its format: which key, what was expected, what was found."""


def text_of(record: Record, key: str) -> str:
    """Return the string under a key; it must be there and be encodable (no lone surrogates)."""
    value = _value(record, key)
    if not isinstance(value, str):
        raise RowError(f"key {key!r}: expected a string, found {type(value).__name__}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise RowError(f"key {key!r}: holds half of a surrogate pair, which is no character") from None
    return value


def filled_text_of(record: Record, key: str) -> str:
    """Return the string under a key; it must hold more than blanks."""
    value = text_of(record, key)
    if not value.strip():
        raise RowError(f"key {key!r}: is empty; fill it in or remove the row")
    return value


def optional_text(record: Record, key: str) -> str | None:
    """Return the string under a key; None when the key is absent or null."""
    return None if record.get(key) is None else text_of(record, key)


def list_of(record: Record, key: str) -> list[Record]:
    """Return the list of mappings under a key."""
    value = _value(record, key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RowError(f"key {key!r}: expected a list of mappings, found {type(value).__name__}")
    return value


def _value(record: Record, key: str) -> object:
    if key not in record:
        raise RowError(f"key {key!r} is missing; the row has {', '.join(map(repr, record)) or 'no keys'}")
    return record[key]
