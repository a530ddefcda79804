import pytest
import torch
from transformers import GenerationConfig

from belle.checkpoints.models import load_model
from belle.evaluate.backends.decoding import uniform

from ..asking import decoding

LOGITS = torch.tensor([[2.0, 1.0, 0.0, -1.0, -2.0]])
NO_TEXT = torch.tensor([[4]])


def drawn(how, count=4000) -> torch.Tensor:
    """How often each of five tokens is drawn, over many steps."""
    tokens = [int(how.choose(NO_TEXT, LOGITS, ["q"], step)) for step in range(count)]
    return torch.bincount(torch.tensor(tokens), minlength=5) / count


def test_the_noise_is_the_same_for_the_same_seed_question_and_step():
    assert uniform(0, "q", 1) == uniform(0, "q", 1)
    numbers = {uniform(seed, question, step) for seed in (0, 1) for question in ("q", "q1") for step in range(500)}
    assert len(numbers) == 2000 and 0 <= min(numbers) < 0.01 < 0.99 < max(numbers) < 1
    assert sum(numbers) / 2000 == pytest.approx(0.5, abs=0.02)


def test_tokens_are_drawn_as_often_as_they_are_probable():
    probable = torch.softmax(LOGITS[0] / 0.7, 0)
    assert torch.allclose(drawn(decoding(1, temperature=0.7)), probable, atol=0.02)


def test_tokens_beyond_top_k_or_top_p_are_never_drawn():
    assert (drawn(decoding(1, temperature=1.0, top_k=2), 500) > 0).tolist() == [True, True, False, False, False]
    assert (drawn(decoding(1, temperature=1.0, top_p=0.85), 500) > 0).tolist() == [True, True, False, False, False]
    assert drawn(decoding(1, temperature=0.001), 100).tolist() == [1, 0, 0, 0, 0]


def test_a_text_gets_the_same_token_among_others():
    how = decoding(1, temperature=1.0)
    logits, questions = torch.randn(6, 50), [f"q{number}" for number in range(6)]
    together = how.choose(torch.zeros(6, 1, dtype=torch.long), logits, questions, 3)
    alone = [
        int(how.choose(torch.zeros(1, 1, dtype=torch.long), row[None], [question], 3))
        for row, question in zip(logits, questions, strict=True)
    ]
    assert together.tolist() == alone


def test_a_repetition_is_penalized_without_drawing_too():
    how = decoding(1, repetition_penalty=1.2)
    assert not how.profile.is_greedy
    close = torch.tensor([[2.0, 1.9, 0.0]])
    assert int(how.choose(torch.tensor([[2]]), close, ["q"], 0)) == 0
    assert int(how.choose(torch.tensor([[0]]), close, ["q"], 0)) == 1


def test_the_papers_settings_mean_what_they_mean_to_transformers(tiny_model):
    how, prompt = decoding(1, "belle-papers"), torch.tensor([[5, 6, 7, 5]])
    model = load_model(tiny_model("llama"))
    config = GenerationConfig(
        do_sample=True, max_new_tokens=1, output_scores=True, output_logits=True, return_dict_in_generate=True,
        pad_token_id=0, **how.profile.model_dump(),
    )  # fmt: skip
    output = model.generate(prompt, generation_config=config)
    assert torch.equal(how._processors(prompt, output.logits[0].clone()), output.scores[0])
    assert int(how.choose(prompt, output.logits[0].clone(), ["q"], 0)) == int(output.sequences[0, -1])
