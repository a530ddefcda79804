"""Prices: the profile's own, the library's by address and model, and none that is guessed."""

import pytest

from belle.config.prices import price_problem, prices_of
from endpoints.conftest import endpoint

OPENAI = {"base_url": "https://api.openai.com/v1", "model": "gpt-4.1-mini-2025-04-14"}
UNKNOWN = {"input_price": None, "output_price": None}


def test_a_price_is_for_a_million_tokens():
    assert prices_of(endpoint(input_price=2.0, output_price=8.0)).cost(500_000, 250_000) == 3.0
    assert prices_of(endpoint()).cost(1, 1) == 0.0


def test_what_the_profile_says_counts_before_what_the_library_knows():
    known = prices_of(endpoint(**OPENAI, **UNKNOWN))
    assert (known.currency, known.input, known.output) == ("USD", 0.4, 1.6)
    assert prices_of(endpoint(**OPENAI, input_price=9.0, output_price=None)).output == 1.6
    assert prices_of(endpoint(**OPENAI, input_price=9.0, output_price=None)).input == 9.0


def test_of_prices_that_depend_on_the_hour_the_highest_counts():
    known = prices_of(endpoint(base_url="https://api.deepseek.com/v1", model="deepseek-chat", **UNKNOWN))
    assert (known.input, known.output) == (0.27, 1.1)


@pytest.mark.parametrize(
    "changes",
    [
        UNKNOWN,
        {"input_price": None},
        OPENAI | UNKNOWN | {"model": "no-such-model"},
        OPENAI | UNKNOWN | {"base_url": "https://openai.example.com/v1"},
        OPENAI | UNKNOWN | {"currency": "CNY"},
    ],
)
def test_what_is_not_known_is_asked_for_and_never_taken_for_nothing(changes):
    profile = endpoint(**changes)
    assert prices_of(profile) is None
    for limits in ((None, None), (None, 5.0), (10, 5.0)):
        assert "write input_price and output_price into configs/endpoint/test.yaml" in (
            price_problem("test", profile, *limits, "x.budget")
        )
    assert price_problem("test", profile, 10, None, "x.budget") == ""


def test_a_known_price_needs_no_limit():
    assert price_problem("test", endpoint(), None, None, "x.budget") == ""
