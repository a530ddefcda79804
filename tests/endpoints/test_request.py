"""The key of a request and the bound on its tokens."""

from dataclasses import replace

import pytest

from endpoints.conftest import ask

ONE = ask("a", parameters={"temperature": 1.0, "top_p": 0.5})[0]


def test_a_key_depends_on_what_is_asked_not_on_the_order_of_keys():
    assert ask("a", parameters={"top_p": 0.5, "temperature": 1.0})[0].key == ONE.key
    assert len(ONE.key) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "other"}, {"model": "other"}, {"max_tokens": 51}, {"repeat": 1},
        {"parameters": {"temperature": 0.9}}, {"token_limit": "max_completion_tokens"},
    ],
)  # fmt: skip
def test_whatever_changes_the_reply_changes_the_key(changes):
    assert ask("a", **{"parameters": {"temperature": 1.0, "top_p": 0.5}} | changes)[0].key != ONE.key


def test_the_key_is_what_it_was():
    """Another canonical form would have every stored reply paid for again."""
    assert ask("你好")[0].key == "8b0d25f502d50f0f7e38df641e56dcbeda5a387afc66c0b0fcf2229e40ad6d80"


def test_a_byte_is_one_token_at_most():
    one, two = ask("靘🙂a")[0], ask("靘🙂ab")[0]
    assert two.most_input_tokens - one.most_input_tokens == 1 and one.most_input_tokens > 3 + 4 + 1


def test_a_prompt_stands_in_the_place_of_messages_and_ids_are_counted_as_they_are():
    text, ids = (replace(ONE, messages=[], prompt=prompt) for prompt in ("苹果", [5, 6]))
    assert "messages" not in text.body and text.body["prompt"] == "苹果"
    assert text.key != ids.key
    assert (text.most_input_tokens, ids.most_input_tokens) == (6, 2)
