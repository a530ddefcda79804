"""Drop rows with characters that no text needs: they hide what a person would read, or show nothing at all."""

import re
from dataclasses import dataclass

import pyarrow as pa

from belle.clean.filters.content import MessageFilter, candidates
from belle.config.clean import CleanParams

BIDIRECTIONAL = "bidirectional control"
KINDS = {
    BIDIRECTIONAL: "\u202a-\u202e\u2066-\u2069",
    "tag character": "\U000e0000-\U000e007f",
    "private use": "\ue000-\uf8ff\U000f0000-\U0010fffd",
    "no character": "\ufdd0-\ufdef\ufff0-\ufff8\U00040000-\U000dffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)),
}
"""Kind → its characters, as in a character class. `no character`: non-characters, the planes in which Unicode has
assigned nothing, and the unassigned specials. Fixed ranges, since another Python knows another Unicode: a new emoji or
ideograph is no damage. Bidirectional controls: those of "Trojan Source" (Boucher and Anderson 2021, arXiv 2111.00169);
the marks U+200E and U+200F, which Hebrew and Arabic use, are none of them."""

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
"""Hebrew, Arabic and their kin: beside such letters bidirectional controls have their use."""
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
"""A regional flag, as Scotland's: the one proper use of tag characters."""
ANY = f"[{''.join(KINDS.values())}]"
PATTERNS = {kind: re.compile(f"[{characters}]") for kind, characters in KINDS.items()}


@dataclass(frozen=True)
class ControlCharacters(MessageFilter):
    """Drop rows with a character of `KINDS`. What normalizing removes from every text is no reason to drop it."""

    reason = "control_characters"
    roles = ("system", "user", "assistant", "text")

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "ControlCharacters | None":
        """Switched in params.yaml."""
        return cls() if params.filters.control_characters else None

    def see_in(self, texts: pa.Array) -> dict[int, str]:
        """Return the code point and kind of the first such character."""
        seen = {at: self._first(FLAG.sub("", text)) for at, text in candidates(texts, ANY).items()}
        return {at: found for at, found in seen.items() if found}

    def _first(self, text: str) -> str | None:
        for kind, pattern in PATTERNS.items():
            if kind == BIDIRECTIONAL and RIGHT_TO_LEFT.search(text):
                continue
            if found := pattern.search(text):
                return f"U+{ord(found[0]):04X}, {kind}"
        return None
