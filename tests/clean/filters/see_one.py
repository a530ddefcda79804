"""What one filter on content sees in one conversation or text."""

import pyarrow as pa

from belle.clean.filters.content import ContentFilter
from belle.clean.text import message_features
from belle.data.tables import MESSAGE
from factories import message

Messages = list[dict[str, str]]


def see_one(one_filter: ContentFilter, sample: Messages | str) -> str | None:
    """Return what is seen in a conversation (its messages) or a text; None keeps it."""
    messages = [message("text", sample)] if isinstance(sample, str) else sample
    features = message_features(pa.array([messages], pa.list_(MESSAGE)))
    (seen,) = one_filter.see(features.field("roles"), features.field("contents"))
    return seen
