"""Filters that read the text of messages, and say what they saw in a row that they drop."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from belle.clean.filters.filter import Filter
from belle.libraries.daft_setup import daft

BLOCK = 2_000_000
"""Characters that are computed on at once, which bounds the memory to about 200 MB; a longer text is a block alone."""
Seen = list[str | None]
"""What was seen in each row; null keeps the row."""


class ContentFilter(Filter):
    """Drop the rows in which something is seen; what it is becomes the `detail` of the dropped row."""

    def columns(self) -> dict[str, daft.Expression]:
        """Return what was seen in each row, as a column named by the reason."""
        see = self.see

        @daft.func.batch(return_dtype=daft.DataType.string(), use_process=False)
        def seen(roles: daft.Series, contents: daft.Series) -> Seen:
            return see(roles.to_arrow(), contents.to_arrow())

        return {self.reason: seen(daft.col("roles"), daft.col("contents"))}

    def drops(self) -> daft.Expression:
        """Look whether anything was seen."""
        return daft.col(self.reason).not_null()

    def detail(self) -> daft.Expression:
        """Return what was seen."""
        return daft.col(self.reason)

    @abstractmethod
    def see(self, roles: pa.Array, contents: pa.Array) -> Seen:
        """Return what makes each row a dropped one: two lists of strings, one per row each → one value per row."""


class MessageFilter(ContentFilter):
    """A filter that looks at one message at a time; the first in which it sees something drops the row."""

    roles: ClassVar[tuple[str, ...]] = ("user", "assistant", "text")
    """Whose messages it looks at."""

    def see(self, roles: pa.Array, contents: pa.Array) -> Seen:
        """Return what was seen in the first such message of each row."""
        found: Seen = [None] * len(contents)
        of_role = pc.is_in(pc.list_flatten(roles), pa.array(self.roles, pc.list_flatten(roles).type))
        rows = pc.list_parent_indices(contents).filter(of_role).to_pylist()
        texts = pc.list_flatten(contents).filter(of_role)
        for at, seen in sorted(self.see_in(texts).items(), reverse=True):
            found[rows[at]] = seen
        return found

    @abstractmethod
    def see_in(self, texts: pa.Array) -> dict[int, str]:
        """Return what was seen in texts: string [n] → description by index, without the texts that are fine."""


def candidates(texts: pa.Array, pattern: str) -> dict[int, str]:
    """Return the texts in which a pattern (RE2 syntax) is found, by index."""
    hits = pc.indices_nonzero(pc.match_substring_regex(texts, pattern))
    return dict(zip(hits.to_pylist(), texts.take(hits).to_pylist(), strict=True))


def phrases(texts: pa.Array, pattern: str) -> dict[int, str]:
    """Return the first match of a pattern in each text that has one, by index.

    Args:
        texts: string [n].
        pattern: what RE2 and Python understand alike; RE2 looks through all texts, Python at those that match.
    """
    searched = ((at, re.search(pattern, text, re.ASCII)) for at, text in candidates(texts, pattern).items())
    return {at: found[0] for at, found in searched if found}


def blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield texts in runs of about `BLOCK` characters, the last one perhaps empty."""
    block: list[str] = []
    size = 0
    for text in texts:
        if block and size + len(text) > BLOCK:
            yield block
            block, size = [], 0
        block.append(text)
        size += len(text)
    yield block
