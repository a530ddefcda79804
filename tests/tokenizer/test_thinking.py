"""Training behind a prompt that opens the thinking: the answer closes it, as the model has to at inference."""

import numpy as np
import pytest

from belle.tokenizer.encode import ChatEncoder, EncodingError
from belle.tokenizer.thinking import with_empty_thinking
from factories import conversation
from thinking_templates import ALWAYS_THINKING, DEEPSEEK_R1, QWEN3_THINKING, as_thinking

EOS = "<|endoftext|>"


@pytest.fixture(params=ALWAYS_THINKING)
def tokenizer(request, tokenizer_of):
    return as_thinking(tokenizer_of("belle"), ALWAYS_THINKING[request.param])


def test_each_answer_follows_the_prompt_of_inference_and_closes_the_thinking(tokenizer):
    encoder = ChatEncoder(tokenizer)
    messages = conversation("首都？", "北京", "再说", "上海\n还是北京")
    (sequences,) = encoder.encode_batch([messages])
    assert len(sequences) == 2
    for turn, one in zip((1, 3), sequences, strict=True):
        border = int(one.loss_mask.argmax())
        prompt = encoder.encode(messages[:turn], add_generation_prompt=True).ids
        assert np.array_equal(one.ids[:border], prompt) and one.loss_mask[border:].all()
        assert tokenizer.decode(prompt).endswith("<think>\n")
        assert tokenizer.decode(one.ids[border:]) == "\n</think>\n\n" + messages[turn]["content"] + EOS
    # what was thought before is not read again
    assert tokenizer.decode(sequences[1].ids).count("<think>") == 1


@pytest.mark.parametrize(("template", "is_trained_on"), [(QWEN3_THINKING, True), (DEEPSEEK_R1, False)])
def test_an_answer_with_thinking_is_trained_on_or_refused_but_never_without(template, is_trained_on, tokenizer_of):
    tokenizer = as_thinking(tokenizer_of("belle"), template)
    messages = conversation("首都？", "<think>\n中国的\n</think>\n\n北京")
    if is_trained_on:
        one = ChatEncoder(tokenizer).encode(messages)
        assert tokenizer.decode(one.ids[one.loss_mask]) == "中国的\n</think>\n\n北京" + EOS
    else:
        with pytest.raises(EncodingError, match=r"^template_rewrites_history$"):
            ChatEncoder(tokenizer).encode(messages)


def test_the_header_of_an_answer_opens_the_thinking_or_not(tokenizer, tokenizer_of):
    assert ChatEncoder(tokenizer).opens_thinking()
    assert not ChatEncoder(tokenizer_of("belle")).opens_thinking()
    assert not ChatEncoder(tokenizer_of("{{ raise_exception('no') }}{{ eos_token }}")).opens_thinking()


@pytest.mark.parametrize(
    ("prompt", "answered"), [("问 A:", "问 A:答"), ("问 A:<think>", "问 A:<think>想</think>答"), ("A:<think>", "B:答")]
)
def test_what_needs_no_thinking_added_or_is_another_conversation_stays(prompt, answered):
    assert with_empty_thinking(prompt, answered, "答") == answered
