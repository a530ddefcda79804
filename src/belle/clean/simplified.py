"""Tables in Simplified characters: an option of the normal form."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.table_specs import TableSpec
from belle.data.simplified import simplified
from belle.data.tables import MESSAGE
from belle.libraries.daft_setup import daft


def in_simplified(spec: TableSpec) -> TableSpec:
    """Return how to clean a table so that all its text, as judged and as written, is in Simplified characters."""
    convert = simplified if pa.types.is_string(spec.schema.field(spec.column).type) else simplified_messages
    return replace(
        spec, messages=_simplified(spec.messages), normalized=lambda column: spec.normalized(convert(column))
    )


def simplified_messages(messages: pa.Array) -> pa.Array:
    """Return messages with their contents in Simplified characters: list of {role, content} [n] → the same."""
    flat = pc.list_flatten(messages)
    contents = simplified(pc.struct_field(flat, "content")).cast(pa.string())
    structs = pa.StructArray.from_arrays(
        [pc.struct_field(flat, "role").cast(pa.string()), contents], fields=list(MESSAGE)
    )
    lengths = pc.fill_null(pc.list_value_length(messages), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
    return pa.ListArray.from_arrays(offsets, structs)


@daft.func.batch(return_dtype=daft.DataType.from_arrow_type(pa.list_(MESSAGE)), use_process=False)
def _simplified(messages: daft.Series) -> pa.Array:
    """Return the messages as they are judged."""
    return simplified_messages(messages.to_arrow())
