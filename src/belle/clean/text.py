"""The normal form of texts and messages, the key by which two texts are compared, and what the filters look at."""

import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

from belle.data.tables import MESSAGE

LINE_ENDS = r"\r\n?|[\x0b\x0c\x{85}]"
"""Vertical tab, form feed and next line (U+0085) too: what they separate must not become one word."""
LEADING_BLANK_LINES = r"\A[\s\pZ]*\n"
INDENTED_LINE = r"\n[\t\pZ]+[^\s\pZ]"
INVISIBLE = r"[\x00-\x08\x0e-\x1f\x7f-\x{9f}\x{200b}\x{2060}\x{feff}]+"
"""Control characters but tab and line feed, zero-width space, word joiner, byte-order mark. Zero-width
joiners and non-joiners are kept: emoji and several scripts are written with them."""

SUPERSCRIPT = r"([\x{b2}\x{b3}\x{b9}\x{2070}-\x{207f}]+)"
BLANK = r"[\s\pZ\pC]"
SPACED = rf"{BLANK}*([^\s\pZ\pC\d]+){BLANK}*"
NUMBER_OR_PUNCTUATION = r"(-?\d+(?:[\s\pZ\pP]+\d+)*%?)|[\s\pZ\pC\pP]+"


def normalize(texts: pa.Array) -> pa.Array:
    """Return the form in which texts are kept: string [n] → string [n]; null becomes empty.

    Line ends become LF, invisible characters and white space at both ends are removed, Unicode is composed (NFC; not
    NFKC, which would turn Chinese punctuation into ASCII). The indentation of the first line is kept where another line
    is indented too, as in code; a space before other text is a slip, and a model would learn to begin with it. Doing it
    twice changes nothing. Python composes, since pyarrow's `utf8_normalize` (25.0) decomposes whatever the form.
    """
    texts = pc.fill_null(texts, "")
    texts = pc.replace_substring_regex(texts, LINE_ENDS, "\n")
    texts = pc.replace_substring_regex(texts, INVISIBLE, "")
    composed = [unicodedata.normalize("NFC", text) for text in texts.to_pylist()]
    ended = pc.utf8_rtrim_whitespace(pa.array(composed, pa.string()))
    lines = pc.replace_substring_regex(ended, LEADING_BLANK_LINES, "")
    return pc.if_else(pc.match_substring_regex(lines, INDENTED_LINE), lines, pc.utf8_ltrim_whitespace(lines))


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


MESSAGE_FEATURES = pa.struct(
    {
        "roles": pa.list_(pa.string()),
        "characters": pa.list_(pa.int64()),
        "turn_characters": pa.list_(pa.int64()),
        "contents": pa.list_(pa.string()),
        "keys": pa.list_(pa.string()),
    }.items()
)
"""What the cleaning filters look at, one value per message: its role, its length after normalizing, the same but
null for system messages, its normalized text, its comparison key. Lists side by side and not a list of structs: Daft
0.7.26 panics when one expression maps over such a list twice."""


def normalize_messages(messages: pa.Array) -> pa.Array:
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
    columns = (roles, characters, turn_characters, contents, comparison_key(contents))
    lists = [pa.ListArray.from_arrays(offsets, column) for column in columns]
    return pa.StructArray.from_arrays(lists, fields=list(MESSAGE_FEATURES))


def _role(flat: pa.Array) -> pa.Array:
    return pc.fill_null(pc.struct_field(flat, "role"), "").cast(pa.string())


def _offsets(lists: pa.Array) -> pa.Array:
    """Return where each list starts in the flat array, and where the last ends: int32 [n + 1]."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    return pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
