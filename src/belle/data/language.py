"""Identify the language of texts: writing systems by counting, languages in an alphabet by py3langid."""

import re
from functools import cache
from typing import TYPE_CHECKING, get_args

from belle.config.clean_filters import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "unknown"
MIN_LETTERS = 20
"""Fewer letters of an alphabet say little: of 1,500 English sentences cut to 20 characters 5 % were taken for another
language, cut to 40 characters 0.7 %, to 80 0.3 %."""
NO_PROSE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://[\w./?=&%#~+-]+|<[a-zA-Z/][^<>]*>", re.DOTALL)
"""Fenced and inline code, addresses and tags: they are English-like in every language."""
HAN, KANA = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff", "\u3041-\u30ff\uff66-\uff9f"
HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
WORD = rf"[^\W\d_{HAN}{KANA}{HANGUL}]"
WRITTEN = re.compile(rf"(?P<han>[{HAN}]+)|(?P<kana>[{KANA}]+)|(?P<hangul>[{HANGUL}]+)|(?P<word>{WORD}+)")
PURE = 0.8
"""From this share on, Chinese characters make a text Chinese; below the rest, words of an alphabet make it theirs."""


def languages(texts: list[str], min_letters: int = MIN_LETTERS) -> list[str]:
    """Return the language of each text: `zh`, `en`, `mixed` (Chinese and an alphabet), another code, or `unknown`.

    A Chinese character counts as much as a word of an alphabet. Code, addresses and tags do not count.

    Args:
        texts: of any length.
        min_letters: fewer letters of an alphabet, and next to no Chinese, Japanese or Korean, are `unknown`.
    """
    return [language(text, min_letters) for text in texts]


def language(text: str, min_letters: int = MIN_LETTERS) -> str:
    """Return the language of one text, as `languages` does."""
    counts, words = _count(NO_PROSE.sub(" ", text))
    asian = counts["han"] + counts["kana"] + counts["hangul"]
    share = asian / max(asian + len(words), 1)
    if share <= 1 - PURE:
        words = list(dict.fromkeys(words))
        enough = sum(map(len, words)) >= min_letters
        return _identifier().classify(" ".join(words))[0] if enough else UNKNOWN
    if counts["hangul"] > 0.3 * asian:
        return "ko"
    if counts["kana"] > 0.1 * asian:
        return "ja"
    return "zh" if share >= PURE else "mixed"


def _count(text: str) -> tuple[dict[str, int], list[str]]:
    """Return the characters of each Asian script, and the words of alphabets."""
    counts, words = {"han": 0, "kana": 0, "hangul": 0}, []
    for found in WRITTEN.finditer(text):
        if found.lastgroup == "word":
            words.append(found[0])
        else:
            counts[str(found.lastgroup)] += len(found[0])
    return counts, words


@cache
def _identifier() -> "LanguageIdentifier":
    """Return py3langid's model, loaded once (0.3 s), for the languages that params.yaml may name."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(set(get_args(Language)) - {"zh", "ja", "ko", "mixed"})
    return identifier
