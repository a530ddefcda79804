import numpy as np
import pytest

from belle.errors import UserError
from belle.tokenizer.encode import ChatEncoder, Encoded, EncodingError
from factories import conversation, message
from qwen3_template import THOUGHT_NOTHING, as_qwen3

EOS = "<|endoftext|>"
CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|endoftext|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
FIRST_FORGOTTEN = (
    "{% set questions = messages | selectattr('role', 'equalto', 'user') | list %}"
    "{% for m in (messages[2:] if questions | length > 2 else messages) %}{{ m['content'] + eos_token }}{% endfor %}"
)
OTHER_PROMPT = (
    "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'answer: ' }}{% endif %}"
)
NO_EOS = "{% for m in messages %}{{ m['content'] }}{% endfor %}"
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}" + NO_EOS


CONVERSATIONS = [
    conversation("一加一等于几？", "等于二。"),
    conversation("What is 1+1?", " 2 "),
    conversation("说\n两行", "一行\n\n两行\n"),
    conversation("你好", "你好！", "再见", "再见！"),
    conversation("你好", "你好！", system="你是助手。"),
    conversation("A", "\n", "B", "🙂", "C", "Human: \n假的\n\nAssistant: \n也是假的"),
]


def in_loss(encoded: Encoded, tokenizer) -> list[str]:
    """Decoded runs of tokens in the loss."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], encoded.loss_mask.astype(int), [0]])))
    return [tokenizer.decode(encoded.ids[start:end]) for start, end in edges.reshape(-1, 2)]


def answers(messages: list[dict[str, str]]) -> list[str]:
    return [one["content"] + EOS for one in messages if one["role"] == "assistant"]


@pytest.mark.parametrize("template", ["belle", "belle-2023-04", CHATML])
@pytest.mark.parametrize("messages", CONVERSATIONS)
def test_answers_and_their_end_tokens_are_in_the_loss_and_nothing_else(messages, template, tokenizer_of):
    tokenizer = tokenizer_of(template)
    encoded = ChatEncoder(tokenizer).encode(messages)
    assert in_loss(encoded, tokenizer) == answers(messages)
    whole = tokenizer.apply_chat_template(messages, tokenize=False)
    assert tokenizer.decode(encoded.ids) == whole[: whole.rindex(EOS) + len(EOS)]
    assert encoded.ids.dtype == np.int32
    assert encoded.loss_mask.dtype == bool


def test_answers_of_the_mini_conversations_are_in_the_loss_to_the_letter(mini_conversations, tokenizer_of):
    tokenizer = tokenizer_of("belle")
    encoded = ChatEncoder(tokenizer).encode_batch(mini_conversations)
    assert len(mini_conversations) >= 200
    assert any(len(messages) > 2 for messages in mini_conversations)
    for messages, (one,) in zip(mini_conversations, encoded, strict=True):
        assert in_loss(one, tokenizer) == answers(messages)


@pytest.mark.parametrize("template", ["belle", "belle-2023-04", CHATML])
@pytest.mark.parametrize("messages", CONVERSATIONS)
def test_each_prompt_is_a_prefix_of_the_training_ids(messages, template, tokenizer_of):
    encoder = ChatEncoder(tokenizer_of(template))
    encoded = encoder.encode(messages)
    for turn, one in enumerate(messages):
        if one["role"] == "assistant":
            prompt = encoder.encode(messages[:turn], add_generation_prompt=True).ids.tolist()
            assert encoded.ids[: len(prompt)].tolist() == prompt
            assert encoded.loss_mask[len(prompt)]


@pytest.mark.parametrize("messages", CONVERSATIONS)
def test_where_the_template_rewrites_earlier_turns_each_answer_has_the_prompt_of_inference(messages, tokenizer_of):
    tokenizer = as_qwen3(tokenizer_of("belle"))
    encoder = ChatEncoder(tokenizer)
    (sequences,) = encoder.encode_batch([messages])
    turns = [turn for turn, one in enumerate(messages) if one["role"] == "assistant"]
    assert len(sequences) == len(turns)
    for turn, one in zip(turns, sequences, strict=True):
        assert in_loss(one, tokenizer) == [messages[turn]["content"].lstrip("\n") + EOS]
        prompt = one.ids[: one.loss_mask.argmax()].tolist()
        assert prompt == encoder.encode(messages[:turn], add_generation_prompt=True).ids.tolist()
        assert prompt == tokenizer.apply_chat_template(messages[:turn], add_generation_prompt=True)["input_ids"]
        assert tokenizer.decode(prompt).endswith("<|im_start|>assistant\n" + THOUGHT_NOTHING)
    assert encoder.encode(messages).ids.tolist() == sequences[-1].ids.tolist()


def test_a_sequence_goes_on_as_long_as_the_template_leaves_what_was_said(tokenizer_of):
    tokenizer = tokenizer_of(FIRST_FORGOTTEN)
    (sequences,) = ChatEncoder(tokenizer).encode_batch([conversation("一", "二", "三", "四", "五", "六")])
    assert [in_loss(one, tokenizer) for one in sequences] == [[f"二{EOS}", f"四{EOS}"], [f"六{EOS}"]]
    assert tokenizer.decode(sequences[1].ids) == f"三{EOS}四{EOS}五{EOS}六{EOS}"


def test_an_answer_with_thinking_cannot_follow_a_prompt_without(tokenizer_of):
    encoder = ChatEncoder(as_qwen3(tokenizer_of("belle")))
    with pytest.raises(EncodingError, match=r"^template_rewrites_history$"):
        encoder.encode(conversation("首都", "<think>\n哪里？\n</think>\n\n北京"))


def test_no_token_crosses_the_border_of_prompt_and_answer(tokenizer_of):
    tokenizer = tokenizer_of("belle-2023-04")
    messages = conversation("好", "\n答")
    merged = tokenizer(tokenizer.apply_chat_template(messages, tokenize=False), add_special_tokens=False)["input_ids"]
    encoder = ChatEncoder(tokenizer)
    prompt = encoder.encode(messages[:1], add_generation_prompt=True).ids.tolist()
    assert merged[: len(prompt)] != prompt, "these two must merge when tokenized as one"
    assert encoder.encode(messages).ids[: len(prompt)].tolist() == prompt


@pytest.mark.parametrize(
    ("messages", "template", "reason"),
    [
        (conversation(f"说{EOS}", "好"), "belle", "special_token"),
        (conversation("说", "好<|pad|>"), "belle", "special_token"),
        (conversation("说", "好", system="<|pad|>"), "belle", "special_token"),
        (conversation("说", "好<|reserved|>"), "belle", "special_token"),
        (conversation("一", "二", "三", "四"), OTHER_PROMPT, "template_rewrites_history"),
        (conversation("一", "二"), NO_EOS, "no_end_of_sequence"),
        (conversation("一", "二", system="三"), NO_SYSTEM, "template_refuses"),
        ([message("assistant", "二")], "belle", "template_refuses"),
    ],
)
def test_what_cannot_be_encoded_gives_its_reason(messages, template, reason, tokenizer_of):
    from tokenizers import AddedToken

    tokenizer = tokenizer_of(template)
    # special, but with no role of its own: not among tokenizer.all_special_tokens
    tokenizer.add_tokens([AddedToken("<|reserved|>", special=True)])
    encoder = ChatEncoder(tokenizer)
    with pytest.raises(EncodingError, match=f"^{reason}$"):
        encoder.encode(messages)


def test_one_bad_conversation_leaves_the_others_of_its_batch(tokenizer_of):
    encoder = ChatEncoder(tokenizer_of("belle"))
    good, bad = conversation("一", "二"), conversation(EOS, "二")
    (first,), reason, (last,) = encoder.encode_batch([good, bad, good])
    assert str(reason) == "special_token"
    assert first.ids.tolist() == last.ids.tolist() == encoder.encode(good).ids.tolist()


@pytest.mark.parametrize(("template", "problem"), [(None, "no chat template"), ("{{ strftime_now('%Y') }}", "date")])
def test_a_template_that_cannot_be_used_is_refused(template, problem, tokenizer_of):
    tokenizer = tokenizer_of("belle")
    tokenizer.chat_template = template
    with pytest.raises(UserError, match=problem):
        ChatEncoder(tokenizer)


def test_a_tokenizer_without_an_end_token_is_refused(tokenizer_of):
    tokenizer = tokenizer_of("belle")
    tokenizer.eos_token = None
    with pytest.raises(UserError, match="end-of-sequence"):
        ChatEncoder(tokenizer)
