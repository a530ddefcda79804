"""Lists of messages as Arrow arrays, worked on without a Python loop."""

import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.text import comparison_key, normalize
from belle.data.tables import MESSAGE

MESSAGE_FEATURES = pa.struct(
    {
        "roles": pa.list_(pa.string()),
        "characters": pa.list_(pa.int64()),
        "turn_characters": pa.list_(pa.int64()),
        "keys": pa.list_(pa.string()),
    }.items()
)
"""What the cleaning filters look at, one value per message: its role, its length after normalizing, the same but
null for system messages, its comparison key. Lists side by side and not a list of structs: Daft 0.7.26 panics
when one expression maps over such a list twice."""


def normalized(messages: pa.Array) -> pa.Array:
    """Return the messages with normalized contents: list of {role, content} [n] → the same."""
    flat = pc.list_flatten(messages)
    contents = normalize(pc.struct_field(flat, "content"))
    structs = pa.StructArray.from_arrays([_role(flat), contents], fields=list(MESSAGE))
    return pa.ListArray.from_arrays(_offsets(messages), structs)


def message_features(messages: pa.Array) -> pa.Array:
    """Return what the filters look at: list of {role, content} [n] → `MESSAGE_FEATURES` [n]; null is no messages."""
    flat, offsets = pc.list_flatten(messages), _offsets(messages)
    roles, contents = _role(flat), normalize(pc.struct_field(flat, "content"))
    characters = pc.utf8_length(contents).cast(pa.int64())
    turn_characters = pc.if_else(pc.equal(roles, "system"), None, characters)
    columns = (roles, characters, turn_characters, comparison_key(contents))
    lists = [pa.ListArray.from_arrays(offsets, column) for column in columns]
    return pa.StructArray.from_arrays(lists, fields=list(MESSAGE_FEATURES))


def _role(flat: pa.Array) -> pa.Array:
    return pc.fill_null(pc.struct_field(flat, "role"), "").cast(pa.string())


def _offsets(lists: pa.Array) -> pa.Array:
    """Return where each list starts in the flat array, and where the last ends: int32 [n + 1]."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    return pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
