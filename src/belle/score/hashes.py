"""Short hashes that name an answer by its text, whatever experiment it is of."""

import hashlib

LENGTH = 16
"""Hexadecimal digits of a hash."""


def answer_hash(answer: str) -> str:
    """Return the hash of an answer's text, by which answers of two experiments are found to be equal."""
    return _hash(answer)


def rating_hash(identity: str, answer: str) -> str:
    """Return the hash that a person's score is kept under: of the question's id and the answer's text."""
    return _hash(f"{identity}\n{answer}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
