"""What instructions ask for: their leading verbs and the words they are about."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import rjieba

CHARACTERS_READ = 200
"""Characters of an instruction that are looked at; what it asks for stands at its beginning."""
WORDS_SHOWN = 20

VERBS, NOUNS = ("v", "vn"), ("n", "nz", "vn")
"""Parts of speech in jieba's dictionary: verb, verb used as noun; noun, other proper noun."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NOT_ASKED_FOR = _set("请 请问 帮 帮忙 麻烦 是 有 没有 能 能够 会 想 要 需要 让 下列 如下 给定 进行 来 可 应该 等于")
"""Verbs that lead to the one that says what to do (请帮我写 …), or only describe what is given."""
POLITE = _set("a an can could given hi hello help i i'd kindly like me need please the to want will would you")
FUNCTION_WORDS = _set(
    "a about above after all also an and any are as at be because been before being below between both but by can "
    "could did do does each following for from given had has have he her here his how i if in into is it its just me "
    "more most my no not of on one or other our out over please she should so some such than that the their them then "
    "there these they this those to two under up us use using was we were what when where which who whose why will "
    "with would you your"
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass
class Words:
    """Leading verbs and topics of instructions, each counted once per instruction."""

    instructions: int = 0
    verbs: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)

    def add(self, instruction: str, language: str) -> None:
        """Count the words of one instruction."""
        verb, topics = (chinese_words if is_chinese(language) else spaced_words)(instruction[:CHARACTERS_READ])
        self.instructions += 1
        self.verbs.update([verb] if verb else ())
        self.topics.update(set(topics))

    def summary(self) -> dict[str, Any]:
        """Return the most frequent verbs and topics, each with its count; equal counts in the order of the words."""
        return {
            "instructions": self.instructions,
            "verbs": dict(most_frequent(self.verbs)),
            "topics": dict(most_frequent(self.topics)),
        }


def is_chinese(language: str) -> bool:
    """Return whether instructions are cut into words by a dictionary; those of other languages have blanks between."""
    return language in ("zh", "mixed")


def chinese_words(text: str) -> tuple[str | None, list[str]]:
    """Return the first verb that says what to do, and the nouns of two characters or more."""
    words = rjieba.tag(text)
    verbs = (_verb(word, part) for word, part in words)
    verb = next((word for word in verbs if word and word not in NOT_ASKED_FOR), None)
    return verb, [word for word, part in words if part in NOUNS and len(word) > 1]


def _verb(word: str, part: str) -> str | None:
    """Return a word that is a verb, without the complement 成 that makes it an idiom (l) in the dictionary: 翻译成."""
    if part == "l" and word.endswith("成"):
        return word.removesuffix("成")
    return word if part in VERBS else None


def spaced_words(text: str) -> tuple[str | None, list[str]]:
    """Return the first word that is no courtesy, and the words of three letters or more that carry a meaning."""
    words = WORD.findall(text.casefold())
    verb = next((word for word in words if word not in POLITE), None)
    return verb, [word for word in words if len(word) > 2 and word not in FUNCTION_WORDS]


def most_frequent(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    """Return the most frequent words with their counts, in an order that does not depend on when each was seen."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:WORDS_SHOWN]
