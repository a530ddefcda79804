"""Typed values out of a record (a mapping), as a row of a file is one.

A value that does not fit raises a `RowError`, which says what is wrong by key; file and row are added where the record
is read (`belle.data.importers.convert`).
"""

from typing import Any

Record = dict[str, Any]


class RowError(Exception):
    """A record does not fit its format: which key, what was expected, what was found."""


def kind_of(value: object) -> str:
    """Return what a value is called in JSON; others (a date of a Parquet file) by their type."""
    kinds = {type(None): "null", bool: "true or false", str: "a string", list: "a list", dict: "a mapping"}
    return kinds.get(type(value)) or ("a number" if isinstance(value, int | float) else f"a {type(value).__name__}")


def text_of(record: Record, key: str) -> str:
    """Return the string under a key; it must be there and be encodable (no lone surrogates)."""
    value = _value(record, key)
    if not isinstance(value, str):
        raise RowError(f"key {key!r}: expected a string, found {kind_of(value)}")
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


def own_id(record: Record) -> str | None:
    """Return the id that a record brings, a string or an integer, as text; None when it brings none."""
    own = record.get("id")
    if own is None or own == "":
        return None
    if isinstance(own, bool) or not isinstance(own, int | str):
        raise RowError(f"key 'id': expected a string or an integer, found {kind_of(own)}")
    return str(own) if isinstance(own, int) else text_of(record, "id")


def list_of(record: Record, key: str) -> list[Record]:
    """Return the list of mappings under a key."""
    value = _value(record, key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RowError(f"key {key!r}: expected a list of mappings, found {kind_of(value)}")
    return value


def _value(record: Record, key: str) -> object:
    if key not in record:
        raise RowError(f"key {key!r} is missing; the row has {', '.join(map(repr, record)) or 'no keys'}")
    return record[key]
