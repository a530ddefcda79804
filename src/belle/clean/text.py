"""The normal form of texts and messages, the key by which two texts are compared, and what the filters look at."""

import unicodedata
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from belle.data.slices import offsets
from belle.data.tables import MESSAGE

LINE_ENDS = r"\r\n?|[\x0b\x0c\x{85}]"
"""Vertical tab, form feed and next line (U+0085) too: what they separate must not become one word."""
LEADING_BLANK_LINES = r"\A[\s\pZ]*\n"
INDENTED_LINE = r"\n[\t\pZ]+[^\s\pZ]"
INVISIBLE = r"[\x00-\x08\x0e-\x1f\x7f-\x{9f}\x{200b}\x{2060}\x{feff}]+"
"""Control characters but tab and line feed, zero-width space, word joiner, byte-order mark. Zero-width
joiners and non-joiners are kept: emoji and several scripts are written with them."""

SUPERSCRIPT = r"([\x{b2}\x{b3}\x{b9}\x{2070}-\x{207f}]+)"
FREQUENT = tuple(zip("，！？：；（）“”‘’", ",!?:;()\"\"''", strict=True))
"""Folded before NFKC, which is ten times as fast where nothing is left for it; it knows all but the quotes."""
FORMAT = r"\p{Cf}+"
BLANKS = r"[\s\pZ\pC]+"
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\pS\x{2010}-\x{2027}\x{3001}-\x{303f}#%&()*/@\[\\\]{}\-]"
"""Characters beside which white space means nothing: Chinese and Japanese ones, operators, brackets."""
SENTENCE_PUNCTUATION = r"""!"',.:;?、。"""
"""As it is after NFKC, which makes `，！？；：` ASCII and `…` three full stops."""
SIGN = r"#-&(-+\-/-9<->@-~"
"""The visible ASCII characters that are no sentence punctuation."""
SIGNS_OR_PUNCTUATION = rf"([{SENTENCE_PUNCTUATION}]*[{SIGN}][!-~、。]*)|[{SENTENCE_PUNCTUATION}]+"
CLOSING_PUNCTUATION = r"[,.:;?、。\s]+$"


def normalize(texts: pa.Array) -> pa.Array:
    """Return the form in which texts are kept: string [n] → large_string [n]; null becomes empty.

    Line ends become LF, invisible characters and white space at both ends are removed, Unicode is composed (NFC; not
    NFKC, which would turn Chinese punctuation into ASCII). The indentation of the first line is kept where another line
    is indented too, as in code; a space before other text is a slip, and a model would learn to begin with it. Doing it
    twice changes nothing. Python composes, since pyarrow's `utf8_normalize` (25.0) decomposes whatever the form.
    """
    texts = pc.fill_null(texts.cast(pa.large_string()), "")
    texts = pc.replace_substring_regex(texts, LINE_ENDS, "\n")
    texts = pc.replace_substring_regex(texts, INVISIBLE, "")
    composed = [unicodedata.normalize("NFC", text) for text in texts.to_pylist()]
    ended = pc.utf8_rtrim_whitespace(pa.array(composed, pa.large_string()))
    lines = pc.replace_substring_regex(ended, LEADING_BLANK_LINES, "")
    return pc.if_else(pc.match_substring_regex(lines, INDENTED_LINE), lines, pc.utf8_ltrim_whitespace(lines))


def comparison_key(texts: pa.Array) -> pa.Array:
    """Return the key that is equal for texts that differ in form only: normalized text [n] → large_string [n].

    Folded are width and compatibility forms (NFKC), case, white space (removed beside Chinese characters and operators,
    elsewhere one space), and sentence punctuation: that at the end (but `5!` stays), and that which stands beside no
    ASCII letter, digit or operator. Every other character stays, since it may carry the meaning: `a/b` is not `a*b`,
    `(-3)` not `(3)`, `C#` not `C`; `3²` becomes `3^2`. A text of nothing but punctuation is its own key.
    """
    texts = pc.replace_substring_regex(texts, SUPERSCRIPT, r"^\1")
    folded = pa.array([_folded(text) for text in texts.to_pylist()], pa.large_string())
    spaced = pc.replace_substring_regex(pc.replace_substring_regex(folded, FORMAT, ""), BLANKS, " ")
    unspaced = pc.replace_substring_regex(spaced, f"({UNSPACED}) ", r"\1")
    unspaced = pc.utf8_trim_whitespace(pc.replace_substring_regex(unspaced, f" ({UNSPACED})", r"\1"))
    keys = pc.replace_substring_regex(unspaced, SIGNS_OR_PUNCTUATION, r"\1")
    keys = pc.replace_substring_regex(keys, CLOSING_PUNCTUATION, "")
    keys = pc.utf8_trim_whitespace(pc.replace_substring_regex(keys, BLANKS, " "))
    return pc.if_else(pc.equal(keys, ""), unspaced, keys)


def _folded(text: str) -> str:
    for wide, narrow in FREQUENT:
        text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text).casefold()


MESSAGE_FEATURES = pa.struct(
    {
        "roles": pa.list_(pa.string()),
        "characters": pa.list_(pa.int64()),
        "turn_characters": pa.list_(pa.int64()),
        "contents": pa.list_(pa.large_string()),
        "keys": pa.list_(pa.large_string()),
        "identities": pa.list_(pa.large_string()),
    }.items()
)
"""What the cleaning filters look at, one value per message: its role, its length after normalizing, the same but
null for system messages, its normalized text, its comparison key, and what an exact duplicate has in common with it:
an answer as it is, else the key. Lists side by side and not a list of structs: Daft 0.7.26 panics when one expression
maps over such a list twice."""


def normalize_messages(messages: pa.Array) -> pa.Array:
    """Return the messages with normalized contents: list of {role, content} [n] → the same."""
    return with_contents(messages, normalize)


def with_contents(messages: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return the messages with `change` done to their contents: list of {role, content} [n] → the same.

    A missing role becomes empty, no messages an empty list.
    """
    flat = pc.list_flatten(messages)
    contents = change(pc.struct_field(flat, "content")).cast(pa.string())
    structs = pa.StructArray.from_arrays([_role(flat), contents], fields=list(MESSAGE))
    return pa.ListArray.from_arrays(_offsets(messages), structs)


def message_features(messages: pa.Array) -> pa.Array:
    """Return what the filters look at: list of {role, content} [n] → `MESSAGE_FEATURES` [n]; null is no messages."""
    flat, starts = pc.list_flatten(messages), _offsets(messages)
    roles, contents = _role(flat), normalize(pc.struct_field(flat, "content"))
    characters = pc.utf8_length(contents).cast(pa.int64())
    turn_characters = pc.if_else(pc.equal(roles, "system"), None, characters)
    keys = comparison_key(contents)
    identities = pc.if_else(pc.equal(roles, "assistant"), contents, keys)
    columns = (roles, characters, turn_characters, contents, keys, identities)
    lists = [pa.ListArray.from_arrays(starts, column) for column in columns]
    return pa.StructArray.from_arrays(lists, fields=list(MESSAGE_FEATURES))


def _role(flat: pa.Array) -> pa.Array:
    return pc.fill_null(pc.struct_field(flat, "role"), "").cast(pa.string())


def _offsets(lists: pa.Array) -> pa.Array:
    return pa.array(offsets(lists), pa.int32())
