"""Tables in Simplified characters: an option of the normal form."""

from dataclasses import replace

import pyarrow as pa

from belle.clean.table_specs import TableSpec
from belle.clean.text import with_contents
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
    return with_contents(messages, simplified)


@daft.func.batch(return_dtype=daft.DataType.from_arrow_type(pa.list_(MESSAGE)), use_process=False)
def _simplified(messages: daft.Series) -> pa.Array:
    """Return the messages as they are judged."""
    return simplified_messages(messages.to_arrow())
