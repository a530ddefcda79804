import json

import numpy as np
import pytest
import torch

from belle.checkpoints.models import load_model
from belle.config.evaluate import GenerateParams
from belle.data.questions import Question
from belle.errors import UserError
from belle.evaluate.answers import read_answers
from belle.evaluate.backends.backend import Generation
from belle.evaluate.backends.hugging_face import HuggingFaceModel, load_fp32, load_unquantized
from belle.evaluate.encoded_questions import encode_questions, required_context
from belle.evaluate.generate import generate_answers, generate_unquantized, weight_files
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import load_tokenizer

ARCHITECTURES = ("llama", "qwen2", "qwen3", "bloom")
TEXTS = ["你好", "What is 12 + 34?", "把“苹果”翻译成英文，再把英文翻译成中文。", "猫", "苹果是红色的。\n\n" * 4]


def prompts_of(tokenizer):
    return [
        ChatEncoder(tokenizer).encode([{"role": "user", "content": text}], add_generation_prompt=True).ids.tolist()
        for text in TEXTS
    ]


def question(number, text, reference=None):
    return Question(id=f"q{number}", question=text, reference=reference, category="open qa")


def greedy_without_cache(model, prompt, ends, count):
    """The slow way: the whole text again for every token."""
    ids = list(prompt)
    for _ in range(count):
        with torch.no_grad():
            token = int(model(torch.tensor([ids])).logits[0, -1].argmax())
        if token in ends:
            return Generation(ids[len(prompt) :], "eos")
        ids.append(token)
    return Generation(ids[len(prompt) :], "length")


@pytest.fixture
def ending(tiny_model):
    """A model that says an end token now and then, and its tokenizer."""

    def make(architecture):
        checkpoint = tiny_model(architecture)
        tokenizer, model = load_tokenizer(checkpoint), load_model(checkpoint)
        alone = HuggingFaceModel(model, tokenizer, batch_size=1)
        said = [set(answer.ids[2:]) for answer in alone.generate(prompts_of(tokenizer), 12)]
        # a second end token, as several models have: one that some answers hold and some do not
        second = min(set.union(*said) - set.intersection(*said))
        model.generation_config.eos_token_id = [0, second]
        return model, tokenizer

    return make


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_batches_answer_as_one_at_a_time_without_cache(ending, architecture):
    model, tokenizer = ending(architecture)
    prompts, ends = prompts_of(tokenizer), set(model.generation_config.eos_token_id)
    expected = [greedy_without_cache(model, prompt, ends, 12) for prompt in prompts]
    assert {answer.stop for answer in expected} == {"eos", "length"}
    for batch_size in (1, 2, 8):
        backend = HuggingFaceModel(model, tokenizer, batch_size)
        backend.ends = sorted(ends)
        assert backend.generate(prompts, 12) == expected


def test_end_tokens_of_model_and_tokenizer_both_count(ending):
    model, tokenizer = ending("llama")
    declared = model.generation_config.eos_token_id
    assert HuggingFaceModel(model, tokenizer, 1).ends == sorted(set(declared))
    model.generation_config.eos_token_id = None
    assert HuggingFaceModel(model, tokenizer, 1).ends == [tokenizer.eos_token_id]


def test_sampling_settings_of_the_model_are_ignored(tiny_model):
    checkpoint = tiny_model("llama")
    tokenizer, model = load_tokenizer(checkpoint), load_model(checkpoint)
    expected = HuggingFaceModel(model, tokenizer, 4).generate(prompts_of(tokenizer), 8)
    model = load_model(checkpoint)
    model.generation_config.update(do_sample=True, temperature=5.0, repetition_penalty=3.0, top_k=3)
    assert HuggingFaceModel(model, tokenizer, 4).generate(prompts_of(tokenizer), 8) == expected


def test_logits(tiny_model):
    checkpoint = tiny_model("qwen3")
    model = load_fp32(checkpoint, load_tokenizer(checkpoint))
    logits = model.logits([5, 6, 7, 8])
    assert (logits.shape, logits.dtype) == ((4, 400), np.float32)
    assert np.abs(logits[:2] - model.logits([5, 6])).max() < 1e-4
    assert np.abs(logits[:2] - model.logits([5, 9])).max() > 1e-2


def test_answers_in_question_order_without_special_tokens(tiny_model):
    checkpoint = tiny_model("llama")
    tokenizer = load_tokenizer(checkpoint)
    asked = encode_questions([question(number, text) for number, text in enumerate(TEXTS)], tokenizer)
    model = load_unquantized(checkpoint, tokenizer, batch_size=2)
    answers = generate_answers(model, asked, tokenizer, 12)
    assert [answer.question for answer in answers] == TEXTS
    for answer, generation in zip(answers, model.generate(prompts_of(tokenizer), 12), strict=True):
        assert answer.answer == tokenizer.decode(generation.ids, skip_special_tokens=True).strip()
        assert answer.tokens == len(generation.ids)


def test_reference_is_the_prompt_and_the_trained_answer(tiny_model):
    tokenizer = load_tokenizer(tiny_model("llama"))
    asked = encode_questions([question(0, "你好", "苹果")], tokenizer)[0]
    answer = [*tokenizer("苹果", add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
    assert asked.reference.ids.tolist() == asked.prompt + answer
    assert asked.reference.ids[asked.reference.loss_mask].tolist() == answer


def test_special_tokens_in_questions_are_refused_by_id(tiny_model):
    tokenizer = load_tokenizer(tiny_model("llama"))
    bad = [question(0, "你好"), question(1, "a <|endoftext|> b"), question(2, "好", "<|pad|>")]
    with pytest.raises(UserError) as error:
        encode_questions(bad, tokenizer)
    lines = str(error.value).splitlines()
    assert len(lines) == 2
    assert "question q1: special_token" in lines[0]
    assert "question q2: special_token" in lines[1]


def test_answers_beyond_the_models_positions_are_refused(tiny_model):
    checkpoint = tiny_model("llama")
    asked = encode_questions([question(0, "你好", "苹果")], load_tokenizer(checkpoint))
    longest = 512 - len(asked[0].prompt)
    assert required_context(asked, longest, checkpoint) == 512
    length = len(asked[0].prompt)
    at = f"^data/eval/questions.jsonl: question q0: the question takes {length} tokens"
    with pytest.raises(UserError, match=f"{at}, its answer up to {longest + 1}, the model has 512 .* to {longest}$"):
        required_context(asked, longest + 1, checkpoint)
    assert required_context(asked, 1, checkpoint) == len(asked[0].reference.ids)


@pytest.mark.parametrize(
    ("text", "reference", "problem"),
    [("苹果" * 600, None, "the question takes"), ("你好", "苹果" * 600, "question and reference take")],
)
def test_what_is_too_long_is_named(tiny_model, text, reference, problem):
    checkpoint = tiny_model("llama")
    asked = encode_questions([question(0, "你好", "苹果"), question(1, text, reference)], load_tokenizer(checkpoint))
    with pytest.raises(UserError, match=rf"^data/eval/questions.jsonl: question q1: {problem} \d+ tokens, the model h"):
        required_context(asked, 1, checkpoint)


@pytest.mark.parametrize(
    ("shipped", "counted"),
    [
        (["a.safetensors", "b.safetensors", "a.bin", "x.json"], ["a.safetensors", "b.safetensors"]),
        (["a.bin"], ["a.bin"]),
        (["x.json"], []),
    ],
)
def test_weights_in_two_forms_count_once(tmp_path, shipped, counted):
    for name in shipped:
        (tmp_path / name).touch()
    assert [path.name for path in weight_files(tmp_path)] == counted


def test_generate_unquantized_writes_answers_stats_and_speed(tiny_model, tmp_path):
    checkpoint, out, metrics = tiny_model("llama"), tmp_path / "out", tmp_path / "metrics"
    out.mkdir()
    params = GenerateParams(max_new_tokens=4, batch_size=2)
    generate_unquantized(
        checkpoint, [question(number, text) for number, text in enumerate(TEXTS)], params, out, metrics
    )
    assert [answer.id for answer in read_answers(out / "answers.jsonl")] == ["q0", "q1", "q2", "q3", "q4"]
    size = (checkpoint / "model.safetensors").stat().st_size
    assert json.loads((out / "stats.json").read_text()) == {"size_mb": round(size / 1e6, 3)}
    assert set(json.loads((metrics / "speed.json").read_text())["speed"]["generate unquantized"]) == {
        "seconds", "answers", "answers_per_second", "peak_memory_mb", "device",
    }  # fmt: skip
