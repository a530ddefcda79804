"""Drop rows with text that was read in the wrong encoding (mojibake)."""

import re
from dataclasses import dataclass

import pyarrow as pa
from ftfy.badness import BADNESS_RE

from belle.clean.filters.content import MessageFilter, candidates
from belle.config.clean import CleanParams


def _gbk(leads: range, trails: range) -> str:
    """Return a class of the characters whose two GBK bytes are in these ranges."""
    pairs = (bytes((lead, trail)).decode("gbk", "ignore") for lead in leads for trail in trails if trail != 0x7F)
    return f"[{''.join(sorted(pairs))}]"


LEADS, CONTINUED = range(0xE3, 0xF0), range(0x80, 0xC0)
UTF8_AS_GBK = _gbk(LEADS, CONTINUED) + _gbk(range(0x81, 0xC0), LEADS) + _gbk(range(0x81, 0xC0), CONTINUED)
"""Two Chinese characters of UTF-8, three bytes each, are three characters of GBK: (lead, continued) (continued, lead)
(continued, continued). Proper Chinese hardly ever has three such characters in a row."""
GBK_AS_LATIN = "[\xa1-\xfe]{4,}"
"""Two bytes of GBK are two characters of Latin-1; words in Latin-1 hardly ever have four such letters in a row."""
REPLACED = "\ufffd+|锟斤拷|烫烫烫|屯屯屯"
"""The replacement character, the same in UTF-8 and then read as GBK, and unused memory of Visual C++ read as GBK."""
SUSPECT = f"{REPLACED}|{UTF8_AS_GBK}|[\xc0-\xff]|[\xa1-\xbf][^\x01-\x7f]"
"""Found in every text that is damaged, and in few that are not."""
LONGEST = 30
"""Characters of the damaged text that are shown."""


@dataclass(frozen=True)
class Mojibake(MessageFilter):
    """Drop rows with replacement characters, UTF-8 read as GBK, GBK read as Latin-1, or what `ftfy` calls bad.

    The last is UTF-8 read as Latin-1, Windows-1252 or another of the old encodings with 256 characters.
    """

    reason = "mojibake"
    roles = ("system", "user", "assistant", "text")

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "Mojibake | None":
        """Switched in params.yaml."""
        return cls() if params.filters.mojibake else None

    def see_in(self, texts: pa.Array) -> dict[int, str]:
        """Return the first damaged place of each text, and what it should be where that is known."""
        seen = {at: damage(text) for at, text in candidates(texts, SUSPECT).items()}
        return {at: found for at, found in seen.items() if found}


def damage(text: str) -> str | None:
    """Return a description of the damage that a wrong encoding did to a text, None when there is none."""
    if found := re.search(REPLACED, text):
        return f"replacement characters: {found[0][:LONGEST]}"
    for name, pattern, wrong, right in (
        ("UTF-8 read as GBK", f"(?:{UTF8_AS_GBK})+", "gbk", "utf-8"),
        ("GBK read as Latin-1", GBK_AS_LATIN, "latin-1", "gbk"),
    ):
        for found in re.finditer(pattern, text):
            if meant := _common_chinese(found[0].encode(wrong), right):
                return f"{name}: {found[0][:LONGEST]} is {meant[:LONGEST]}"
    found = BADNESS_RE.search(text)
    return f"wrong encoding: {found[0][:LONGEST]}" if found else None


def _common_chinese(data: bytes, encoding: str) -> str | None:
    """Return the text that bytes are, if nearly all of it is frequent Chinese (GB 2312 up to level 1)."""
    text = data.decode(encoding, "ignore")
    leads = (character.encode("gb2312", "ignore")[:1] for character in text)
    frequent = sum(b"\xa1" <= lead <= b"\xd7" for lead in leads)
    return text if len(set(text)) > 1 and frequent >= 0.8 * len(text) else None
