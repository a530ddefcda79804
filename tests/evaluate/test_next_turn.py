import pytest

from belle.evaluate.next_turn import cut_at_next_turn
from belle.tokenizer.encode import ChatEncoder

HUMAN = ("Human:",)
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
LETTERS = (
    "{% for m in messages %}{{ '\\n### ' + m['role'] + ': ' + m['content'] }}"
    "{% if m['role'] == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("北京", "北京"),
        ("北京\n\nHuman: 那上海呢？\n\nAssistant: 也是", "北京"),
        ("北京 \n  Human:\n那上海呢？", "北京"),
        ("第一行\n\n第三行\nHuman: a\nHuman: b", "第一行\n\n第三行"),
        # not at the beginning of a line, or of another word
        ("他说 Human: 你好", "他说 Human: 你好"),
        ("好\nNonHuman: a", "好\nNonHuman: a"),
        # an answer may begin with it
        ("Human: 你好", "Human: 你好"),
        ("", ""),
    ],
)
def test_an_answer_ends_where_the_next_turn_begins(text, answer):
    assert cut_at_next_turn(text, HUMAN) == answer


def test_headers_are_no_patterns_and_there_may_be_none():
    assert cut_at_next_turn("a\n[Q] b", ["[Q]"]) == "a"
    assert cut_at_next_turn("a\nQ b", ["[Q]"]) == "a\nQ b"
    assert cut_at_next_turn("a\n\nHuman: b ", ()) == "a\n\nHuman: b "


@pytest.mark.parametrize(
    ("template", "headers"), [("belle", HUMAN), ("belle-2023-04", HUMAN), (LETTERS, ("### user:",)), (CHATML, ())]
)
def test_the_headers_are_those_of_the_template(template, headers, tokenizer_of):
    tokenizer = tokenizer_of(template)
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|im_start|>", "<|im_end|>"]})
    assert ChatEncoder(tokenizer).turn_headers() == headers


def test_a_template_that_refuses_such_a_conversation_gives_no_headers(tokenizer_of):
    refusing = "{% if messages|length > 1 %}{{ raise_exception('one turn') }}{% endif %}{{ eos_token }}"
    assert ChatEncoder(tokenizer_of(refusing)).turn_headers() == ()
