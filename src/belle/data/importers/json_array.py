"""Read a JSON array element by element: a file of gigabytes in the memory of its longest element.

Own code instead of ijson 3.6: its C backend turns half of a surrogate pair into `?` without a word, refuses integers
of more than 64 bits and takes all memory when brackets nest deeply.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

CHUNK_CHARACTERS = 1 << 20
MOST_CHARACTERS = 1 << 26
"""An element longer than this is taken for a broken one."""

_BLANK = re.compile(r"\s*")
_DECODER = json.JSONDecoder()


def read_array(stream: TextIO) -> Iterator[Any]:
    """Yield the elements (mappings, lists or strings) of the JSON array that a text file holds.

    Raises:
        json.JSONDecodeError: no JSON array, or one that is cut off.
    """
    text = _Text(stream)
    text.take("[")
    if text.peek() == "]":
        return
    while True:
        yield text.value()
        if text.take(",]") == "]":
            break
    if text.peek():
        raise text.error("text after the end of the array")


class _Text:
    """A window that moves forward over a text file."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.window, self.at = stream, "", 0

    def peek(self) -> str:
        """Return the next character that is not blank, empty at the end of the file."""
        while True:
            blank = _BLANK.match(self.window, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self.window):
                return self.window[self.at]
            if not self._more():
                return ""

    def take(self, allowed: str) -> str:
        """Return the next character, which must be one of those allowed, and move behind it."""
        found = self.peek()
        if not found or found not in allowed:
            raise self.error(f"expected {' or '.join(allowed)}, found {found or 'the end of the file'}")
        self.at += 1
        return found

    def value(self) -> Any:
        """Return the next value and move behind it, reading on while it is incomplete."""
        self.peek()
        while True:
            try:
                value, self.at = _DECODER.raw_decode(self.window, self.at)
                return value
            except json.JSONDecodeError:
                if len(self.window) - self.at > MOST_CHARACTERS or not self._more():
                    raise

    def error(self, problem: str) -> json.JSONDecodeError:
        """Return an error that names the current position."""
        return json.JSONDecodeError(problem, self.window, self.at)

    def _more(self) -> bool:
        rest = self.window[self.at :]
        chunk = self.stream.read(max(CHUNK_CHARACTERS, len(rest)))
        self.window, self.at = rest + chunk, 0
        return bool(chunk)
