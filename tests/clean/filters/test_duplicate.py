from belle.clean.filters.duplicate import identity, mark_duplicates
from belle.libraries.daft_setup import daft


def marked(*rows: tuple[str, list[str], list[str], str | None]) -> dict[str, tuple[str | None, str | None]]:
    """Reason and match by id, for rows of (id, roles, keys, reason so far)."""
    ids, roles, keys, reasons = map(list, zip(*rows, strict=True))
    columns = {"id": ids, "position": list(range(len(ids))), "roles": roles, "keys": keys, "reason": reasons}
    table = daft.from_pydict(columns | {"match": [None] * len(ids)})
    text = daft.DataType.string()
    table = table.with_columns({name: daft.col(name).cast(text) for name in ("reason", "match")} | identity())
    found = mark_duplicates(table).sort("position").to_pylist()
    return {row["id"]: (row["reason"], row["match"]) for row in found}


def test_later_rows_match_the_first_that_is_kept():
    turns = ["user", "assistant"]
    assert marked(
        ("dropped", turns, ["a", "b"], "too_short"),
        ("first", turns, ["a", "b"], None),
        ("second", turns, ["a", "b"], None),
        ("third", turns, ["a", "b"], None),
    ) == {
        "dropped": ("too_short", None),
        "first": (None, None),
        "second": ("duplicate", "first"),
        "third": ("duplicate", "first"),
    }


def test_roles_and_the_borders_of_messages_count():
    found = marked(
        ("a", ["user", "assistant"], ["ab", "c"], None),
        ("b", ["user", "assistant"], ["a", "bc"], None),
        ("c", ["system", "user"], ["ab", "c"], None),
        ("d", ["text"], ["abc"], None),
    )
    assert set(found.values()) == {(None, None)}
