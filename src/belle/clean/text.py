"""The normal form of every string, and the key by which two strings are compared."""

import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

LINE_ENDS = r"\r\n?"
INVISIBLE = r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{200b}\x{2060}\x{feff}]+"
"""Control characters but tab and line feed, zero-width space, word joiner, byte-order mark. Zero-width
joiners and non-joiners are kept: emoji and several scripts are written with them."""

SUPERSCRIPT = r"([\x{b2}\x{b3}\x{b9}\x{2070}-\x{207f}]+)"
BLANK = r"[\s\pZ\pC]"
SPACED = rf"{BLANK}*([^\s\pZ\pC\d]+){BLANK}*"
NUMBER_OR_PUNCTUATION = r"(-?\d+(?:[\s\pZ\pP]+\d+)*%?)|[\s\pZ\pC\pP]+"


def normalize(texts: pa.Array) -> pa.Array:
    """Return the form in which texts are kept: string [n] → string [n]; null becomes empty.

    Line ends become LF, invisible characters and white space at both ends are removed, Unicode is composed (NFC; not
    NFKC, which would turn Chinese punctuation into ASCII). Doing it twice changes nothing. Python composes, since
    pyarrow's `utf8_normalize` (25.0) decomposes whatever the form.
    """
    texts = pc.fill_null(texts, "")
    texts = pc.replace_substring_regex(texts, LINE_ENDS, "\n")
    texts = pc.replace_substring_regex(texts, INVISIBLE, "")
    composed = [unicodedata.normalize("NFC", text) for text in texts.to_pylist()]
    return pc.utf8_trim_whitespace(pa.array(composed, pa.string()))


def comparison_key(texts: pa.Array) -> pa.Array:
    """Return the key that is equal for texts that differ in form only: normalized string [n] → string [n].

    Differences of width and compatibility forms (NFKC), case, white space and punctuation are removed. What separates
    the digits of a number or marks it (`3-5`, `3.5`, `3 5`, `-3`, `3%`) is kept, and `3²` becomes `3^2`, or
    different sums would be equal. A text of nothing but punctuation is its own key.
    """
    texts = pc.replace_substring_regex(texts, SUPERSCRIPT, r"^\1")
    folded = [unicodedata.normalize("NFKC", text).casefold() for text in texts.to_pylist()]
    unspaced = pc.replace_substring_regex(pa.array(folded, pa.string()), SPACED, r"\1")
    keys = pc.replace_substring_regex(unspaced, NUMBER_OR_PUNCTUATION, r"\1")
    return pc.if_else(pc.equal(keys, ""), unspaced, keys)
