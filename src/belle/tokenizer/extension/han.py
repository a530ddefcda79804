"""Runs of Chinese characters: what new tokens are learned from, and the only text that they may change."""

import re
from collections.abc import Iterable, Iterator
from random import Random

CHARACTERS = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Unified ideographs with their extensions. In UTF-8 no other character begins with the first two bytes of one of
these, so a merge that begins with such a character can happen in no other text."""
RUN = re.compile(f"[{CHARACTERS}]+")


def runs(text: str) -> list[str]:
    """Return the longest runs of Chinese characters in a text, in order: no punctuation, digit, letter or space."""
    return RUN.findall(text)


def others(text: str) -> list[str]:
    """Return what stands between the runs: words and numbers in other scripts, punctuation, white space."""
    return [part for part in RUN.split(text) if part]


def is_run(text: str) -> bool:
    """Return whether a text holds Chinese characters only, and at least one."""
    return RUN.fullmatch(text) is not None


def sampled_runs(texts: Iterable[list[str]], share: float) -> Iterator[list[str]]:
    """Yield the runs of each batch of texts, or a random share of them: the same ones for the same texts."""
    random = Random(0)
    for batch in texts:
        yield [run for text in batch for run in runs(text) if share >= 1 or random.random() < share]
