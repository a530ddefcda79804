from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
import torch

from belle.checkpoints.models import load_model
from belle.config.model import Architecture
from belle.evaluate.backends import hugging_face
from belle.evaluate.backends.backend import Generation
from belle.evaluate.backends.hugging_face import HuggingFaceModel, load_fp32, load_unquantized
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import load_tokenizer
from factories import conversation

ARCHITECTURES = get_args(Architecture)
TEXTS = ["你好", "What is 12 + 34?", "把“苹果”翻译成英文，再把英文翻译成中文。", "猫", "苹果是红色的。\n\n" * 4]


def prompts_of(tokenizer):
    encoder = ChatEncoder(tokenizer)
    return [encoder.encode(conversation(text), add_generation_prompt=True).ids.tolist() for text in TEXTS]


def greedy_without_cache(model, prompt, ends, count):
    """The whole text again for every token."""
    ids = list(prompt)
    for _ in range(count):
        with torch.no_grad():
            token = int(model(torch.tensor([ids])).logits[0, -1].argmax())
        if token in ends:
            return Generation(ids[len(prompt) :], "eos")
        ids.append(token)
    return Generation(ids[len(prompt) :], "length")


@pytest.fixture
def with_two_end_tokens(tiny_model):
    """Give a model that generates an end token now and then, and its tokenizer."""

    def make(architecture):
        checkpoint = tiny_model(architecture)
        tokenizer, model = load_tokenizer(checkpoint), load_model(checkpoint)
        alone = HuggingFaceModel(model, tokenizer, batch_size=1)
        generated = [set(answer.ids[2:]) for answer in alone.generate(prompts_of(tokenizer), 12)]
        # a second end token, as several models have: one that some answers hold and some do not
        second = min(set.union(*generated) - set.intersection(*generated))
        model.generation_config.eos_token_id = [0, second]
        return model, tokenizer

    return make


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_batches_are_answered_as_one_at_a_time_without_cache(with_two_end_tokens, architecture):
    model, tokenizer = with_two_end_tokens(architecture)
    prompts, ends = prompts_of(tokenizer), set(model.generation_config.eos_token_id)
    expected = [greedy_without_cache(model, prompt, ends, 12) for prompt in prompts]
    assert {answer.stop for answer in expected} == {"eos", "length"}
    for batch_size in (1, 2, 8):
        backend = HuggingFaceModel(model, tokenizer, batch_size)
        backend.ends = sorted(ends)
        assert backend.generate(prompts, 12) == expected


def test_end_tokens_of_model_and_tokenizer_both_end_an_answer(with_two_end_tokens):
    model, tokenizer = with_two_end_tokens("llama")
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


def test_logits_depend_on_earlier_tokens_alone(tiny_model):
    checkpoint = tiny_model("qwen3")
    model = load_fp32(checkpoint, load_tokenizer(checkpoint))
    logits = model.logits([5, 6, 7, 8])
    assert (logits.shape, logits.dtype) == ((4, 400), np.float32)
    assert np.abs(logits[:2] - model.logits([5, 6])).max() < 1e-4
    assert np.abs(logits[:2] - model.logits([5, 9])).max() > 1e-2


@pytest.fixture
def with_gpu(monkeypatch):
    """Let the backend believe that there is a GPU; the model stays where it is."""

    class FakeTorch:
        cuda = SimpleNamespace(is_available=lambda: True)

        def __getattr__(self, name):
            return getattr(torch, name)

        def device(self, name):
            return torch.device("cpu")

    monkeypatch.setattr(hugging_face, "torch", FakeTorch())


def dtypes(model):
    return {weight.dtype for weight in model.model.parameters()}


def test_an_unquantized_checkpoint_is_computed_in_fp32_without_a_gpu(tiny_model, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    checkpoint = tiny_model("llama")
    assert dtypes(load_unquantized(checkpoint, load_tokenizer(checkpoint), 2, [5, 6])) == {torch.float32}


def test_on_a_gpu_it_is_computed_in_fp16_which_keeps_a_small_update(tiny_model, with_gpu, capsys):
    checkpoint = tiny_model("llama")
    assert dtypes(load_unquantized(checkpoint, load_tokenizer(checkpoint), 2, [5, 6])) == {torch.float16}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("weight", "value", "problem"), [("up_proj", 1e5, "up_proj"), ("norm", 3e4, "activations")])
def test_what_fp16_cannot_hold_is_computed_in_fp32_and_said(
    weight, value, problem, tiny_model, with_gpu, monkeypatch, capsys
):
    checkpoint, original = tiny_model("llama"), load_model

    def large(path):
        model = original(path)
        layer = model.model.norm if weight == "norm" else model.model.layers[0].mlp.up_proj
        layer.weight.data[:] = value
        return model

    monkeypatch.setattr("belle.evaluate.backends.hugging_face.load_model", large)
    assert dtypes(load_unquantized(checkpoint, load_tokenizer(checkpoint), 2, [5, 6])) == {torch.float32}
    note = capsys.readouterr().err
    assert note.startswith(f"note: {checkpoint}: answers are computed in fp32") and problem in note
