"""What of a judge's reply are not its own words: its thinking, code, quotations, and copies of the graded answer."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"), "")
MASK, OBJECT = "\ufffc", "\ufffb"
"""What stands for a character that does not count, and for one of a JSON object."""
WHOLE_FENCE = re.compile(r"\s*(?P<open>```[^\n`]*\n)(?:(?!```).)*?(?P<close>```)\s*", re.DOTALL)
LABEL = r"[ \t]*(?:最终|综合|总)?(?:得分|评分|分数|score)[ \t]*:?[ \t]*"
THINKING = re.compile(
    r"\A(?:\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|.*?^[ \t]*</think(?:ing)?>[ \t]*$)",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
"""Some chat templates open it for the model, so that a reply begins in it."""
OWN_CODE = re.compile(rf"^([ \t]*)`({OBJECT}+)`(?=[ \t]*$)", re.MULTILINE)
QUOTED = (
    re.compile(r"^[ \t]*>.*$", re.MULTILINE),
    re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|‘[^’]*’|\"[^\"]*\""),
    re.compile(r"(?<![A-Za-z0-9])'[^']*'(?![A-Za-z0-9])"),
    re.compile(r"(?<!`)`[^`\n]+`(?!`)"),
)
FENCE = re.compile(r"(?:```|~~~).*?(?:```|~~~|\Z)", re.DOTALL)
ONLY_LABEL = re.compile(rf".{LABEL}.", re.IGNORECASE)
ONLY_VALUE = re.compile(r".[ \t]*[\d.]+[ \t]*(?:/[ \t]*\d+)?[ \t]*(?:%|分)?[ \t]*.")


class Normalized(NamedTuple):
    """A text in NFKC without zero-width characters.

    Attributes:
        text: each character of the original gives none, one or several.
        origin: index in the original of each character, and at the end the original's length.
    """

    text: str
    origin: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the text stands in the original."""
        return self.origin[start], self.origin[end - 1] + 1


def normalize(text: str) -> Normalized:
    """Return a text in NFKC, without zero-width characters, and with plain line ends."""
    parts = [_plain(character) for character in text]
    if "\r" in text:
        for index, character in enumerate(text):
            if character == "\r":
                parts[index] = "" if text[index + 1 : index + 2] == "\n" else "\n"
    origin = [index for index, part in enumerate(parts) for _ in part]
    return Normalized("".join(parts), [*origin, len(text)])


def own_words(text: str, objects: Iterable[tuple[int, int]] = ()) -> str:
    """Return a normalized reply of the same length in which everything quoted is masked.

    A reply that is one fence as a whole is the judge's own, and so are a JSON object in a fence, and quotation marks
    around a label alone, as BELLE's prompt writes it, or around a number alone.

    Args:
        text: the reply.
        objects: start and end of each JSON object; `OBJECT` stands there where the object is not quoted.
    """
    characters = list(text)
    for start, end in objects:
        characters[start:end] = re.sub(r"[^\n]", OBJECT, text[start:end])
    text = "".join(characters)
    if found := THINKING.match(text):
        text = _blank(text, *found.span(), " ")
        # what follows begins a line
        text = text[: found.end() - 1] + "\n" + text[found.end() :]
    if found := WHOLE_FENCE.fullmatch(text):
        for name in ("open", "close"):
            text = _blank(text, *found.span(name), " ")
    text = OWN_CODE.sub(r"\1 \2 ", text)
    text = FENCE.sub(lambda found: re.sub(rf"[^\n{OBJECT}]", MASK, found[0]), text)
    for pattern in QUOTED:
        text = pattern.sub(_masked, text)
    return text


def copied(part: str, answer: str) -> bool:
    """Return whether a part of a reply stands in the graded answer, apart from blanks and emphasis.

    Args:
        part: normalized.
        answer: as `compact` returns it.
    """
    wanted = compact(part)
    return bool(wanted) and re.search(rf"{re.escape(wanted)}(?![\d%/]|\.\d)", answer) is not None


def compact(text: str) -> str:
    """Return a normalized text without blanks and emphasis, in lower case."""
    return re.sub(r"[\s*_`]+", "", text).casefold()


@cache  # normalizing one character costs more than all else that is done with it
def _plain(character: str) -> str:
    # the mark of a footnote is no digit of the value before it
    if unicodedata.decomposition(character).startswith(("<super>", "<sub>", "<circle>")):
        return character
    return unicodedata.normalize("NFKC", character).translate(ZERO_WIDTH).replace("\u2044", "/")


def _masked(found: re.Match[str]) -> str:
    text = found[0]
    if ONLY_LABEL.fullmatch(text) or ONLY_VALUE.fullmatch(text):
        return f" {text[1:-1]} "
    # line ends stay: what follows a quotation begins its own line still
    return re.sub(r"[^\n]", MASK, text)


def _blank(text: str, start: int, end: int, character: str) -> str:
    return text[:start] + re.sub(r"[^\n]", character, text[start:end]) + text[end:]
