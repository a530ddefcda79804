from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
import torch

from belle.checkpoints.models import load_model
from belle.checkpoints.precision import update_lost
from belle.config.model import Architecture
from belle.evaluate.backends import hugging_face
from belle.evaluate.backends.backend import Generation
from belle.evaluate.backends.hugging_face import HuggingFaceModel, load_unquantized
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import load_tokenizer
from belle.train.lora import add_adapters, save_adapters
from factories import conversation, lora_params

from ..asking import HOT, decoding, generated

ARCHITECTURES = get_args(Architecture)
TEXTS = ["你好", "What is 12 + 34?", "把“苹果”翻译成英文，再把英文翻译成中文。", "猫", "苹果是红色的。\n\n" * 4]
TEXTS += [f"{number} + {number}?" for number in range(1, 5)]


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
    """Give a model that generates an end token now and then, its tokenizer, and the end tokens."""

    def make(architecture):
        checkpoint = tiny_model(architecture)
        tokenizer, model = load_tokenizer(checkpoint), load_model(checkpoint)
        alone = HuggingFaceModel(model, batch_size=1)
        answers = [set(answer.ids[2:]) for answer in generated(alone, prompts_of(tokenizer), decoding(12))]
        # a second end token, as several models have: one that some answers hold and some do not
        return model, tokenizer, [0, min(set.union(*answers) - set.intersection(*answers))]

    return make


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_batches_are_answered_as_one_at_a_time_without_cache(with_two_end_tokens, architecture):
    model, tokenizer, ends = with_two_end_tokens(architecture)
    prompts = prompts_of(tokenizer)
    expected = [greedy_without_cache(model, prompt, ends, 12) for prompt in prompts]
    assert {answer.stop for answer in expected} == {"eos", "length"}
    for batch_size in (1, 2, 8):
        assert generated(HuggingFaceModel(model, batch_size), prompts, decoding(12, ends=ends)) == expected


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("profile", [{"name": "greedy"}, {"name": "belle-papers"}, HOT])
def test_an_answer_does_not_depend_on_the_size_of_its_batch(with_two_end_tokens, architecture, profile):
    model, tokenizer, ends = with_two_end_tokens(architecture)
    prompts, how = prompts_of(tokenizer), decoding(8, ends=ends, **profile)
    alone, three, seven, all_together = (
        generated(HuggingFaceModel(model, batch_size), prompts, how) for batch_size in (1, 3, 7, 64)
    )
    assert alone == three == seven == all_together


def test_sampling_settings_of_the_model_are_ignored(tiny_model):
    checkpoint = tiny_model("llama")
    tokenizer, model = load_tokenizer(checkpoint), load_model(checkpoint)
    expected = generated(HuggingFaceModel(model, 4), prompts_of(tokenizer), decoding(8))
    model = load_model(checkpoint)
    model.generation_config.update(do_sample=True, temperature=5.0, repetition_penalty=3.0, top_k=3)
    assert generated(HuggingFaceModel(model, 4), prompts_of(tokenizer), decoding(8)) == expected


def test_logits_depend_on_earlier_tokens_alone(tiny_model):
    checkpoint = tiny_model("qwen3")
    model = load_unquantized(checkpoint, 1, [5, 6])
    logits = model.logits([5, 6, 7, 8])
    assert (logits.shape, logits.dtype) == ((4, 400), np.float32)
    assert np.abs(logits[:2] - model.logits([5, 6])).max() < 1e-4
    assert np.abs(logits[:2] - model.logits([5, 9])).max() > 1e-2


@pytest.fixture
def with_gpu(monkeypatch):
    """Let the backend believe that there is a GPU; the model stays where it is. Return its free bytes, to change."""
    free = [24 * 10**9]

    class FakeTorch:
        cuda = SimpleNamespace(
            is_available=lambda: True, empty_cache=lambda: None, mem_get_info=lambda: (free[0], 24 * 10**9)
        )

        def __getattr__(self, name):
            return getattr(torch, name)

        def device(self, name):
            return torch.device("cpu")

    monkeypatch.setattr(hugging_face, "torch", FakeTorch())
    return free


def dtypes(model):
    return {weight.dtype for weight in model.model.parameters()}


def test_an_unquantized_checkpoint_is_computed_in_fp32_without_a_gpu(tiny_model, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    checkpoint = tiny_model("llama")
    assert dtypes(load_unquantized(checkpoint, 2, [5, 6])) == {torch.float32}


def test_on_a_gpu_it_is_computed_in_fp16_which_keeps_a_small_update(tiny_model, with_gpu, capsys):
    checkpoint = tiny_model("llama")
    assert dtypes(load_unquantized(checkpoint, 2, [5, 6])) == {torch.float16}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("weight", "value", "problem"), [("up_proj", 1e5, "up_proj"), ("norm", 3e4, "activations")])
def test_what_fp16_cannot_hold_is_computed_in_bf16_and_said(
    weight, value, problem, tiny_model, with_gpu, monkeypatch, capsys
):
    checkpoint, original = tiny_model("llama"), load_model

    def large(path, **options):
        model = original(path, **options)
        layer = model.model.norm if weight == "norm" else model.model.layers[0].mlp.up_proj
        layer.weight.data = torch.full_like(layer.weight, value)
        return model

    monkeypatch.setattr("belle.evaluate.backends.hugging_face.load_model", large)
    assert dtypes(load_unquantized(checkpoint, 2, [5, 6])) == {torch.bfloat16}
    note = capsys.readouterr().err
    assert note.startswith(f"note: {checkpoint}: computes in bf16 instead of fp16") and problem in note
    assert "update" not in note


def test_what_bf16_loses_of_adapters_is_said(tiny_model, with_gpu, monkeypatch, capsys, tmp_path):
    checkpoint = tiny_model("llama")
    model = add_adapters(load_model(checkpoint), lora_params())
    torch.manual_seed(1)
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            weight.data = torch.randn_like(weight) * 1e-3
    save_adapters(model, tmp_path, checkpoint, "fp32")
    merged = load_model(tmp_path)
    expected = update_lost(merged, load_model(checkpoint), torch.bfloat16)
    assert expected > 0.1
    assert dtypes(load_unquantized(tmp_path, 2, [5, 6])) == {torch.float16}
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(hugging_face, "unfit_weight", lambda model, dtype: "some.weight")
    assert dtypes(load_unquantized(tmp_path, 2, [5, 6])) == {torch.bfloat16}
    assert f"loses {expected:.1%} of the adapters' update" in capsys.readouterr().err


def test_what_does_not_fit_on_the_gpu_is_computed_on_the_cpu(tiny_model, with_gpu, capsys):
    checkpoint = tiny_model("llama")
    with_gpu[0] = 1_000_000_000
    model = load_unquantized(checkpoint, 1, [5, 6])
    assert (model.device, dtypes(model)) == (torch.device("cpu"), {torch.float32})
    assert "1.0 GB of the GPU are free" in capsys.readouterr().err
