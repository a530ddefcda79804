"""Text of others made safe to print: what a terminal or a page would act on is shown as its code instead."""

import re
import unicodedata

ACTED_ON = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Control characters but tab and line feed, marks that turn the direction of writing, and what has no width. Zero-width
joiners are kept: emoji and several scripts are written with them."""


def printable(text: str) -> str:
    r"""Return a text in which an escape character, for one, is the six characters `\u001b`."""
    return ACTED_ON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def cut(text: str, characters: int) -> str:
    """Return at most so many characters of a text, and how many more there are."""
    left = len(text) - characters
    if left <= 0:
        return text
    # never between a letter and its accent
    while characters > 1 and unicodedata.combining(text[characters]):
        characters -= 1
    return f"{text[:characters]}… ({len(text) - characters:,} more characters)"
