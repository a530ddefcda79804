"""Counts with their nouns."""

from belle.words import counted


def test_the_noun_is_in_the_plural_unless_the_count_is_1():
    assert [counted(number, "request") for number in (0, 1, 2)] == ["0 requests", "1 request", "2 requests"]
    assert [counted(number, "reply", "replies") for number in (1, 2)] == ["1 reply", "2 replies"]
