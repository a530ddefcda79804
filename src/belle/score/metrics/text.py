"""Text normalization that the metrics share."""

import re
import unicodedata

SPACE = re.compile(r"\s+")
FINAL_PUNCTUATION = " .。!?,、;:"


def fold(text: str) -> str:
    """Make spellings of one text equal: Unicode NFKC, case folded, runs of white space as one blank."""
    return SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def normalize(text: str) -> str:
    """Fold `text` and cut the punctuation that ends a sentence (`。.!?,、;:`, full width included)."""
    return fold(text).rstrip(FINAL_PUNCTUATION)
