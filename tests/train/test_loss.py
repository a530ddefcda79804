import pytest
import torch

from belle.checkpoints.models import load_model
from belle.train import loss as loss_module
from belle.train.lora import add_adapters
from belle.train.loss import chunked_loss
from belle.train.trainer import attention_for, collator_for
from factories import lora_params


def loss_and_gradients(model, batch, **kwargs):
    model.zero_grad()
    loss = model(**batch, use_cache=False, **kwargs).loss
    loss.backward()
    return {"loss": loss} | {name: weight.grad for name, weight in model.named_parameters() if weight.grad is not None}


def compare(model, packed, **kwargs) -> float:
    """Largest relative difference of loss and gradients in chunks from those at once."""
    batch = collator_for(model)([packed[0], packed[1]])
    expected = {name: value.clone() for name, value in loss_and_gradients(model, batch, **kwargs).items()}
    with chunked_loss(model):
        found = loss_and_gradients(model, batch, **kwargs)
    # and it is as before after it
    again = loss_and_gradients(model, batch, **kwargs)
    assert all(torch.equal(again[name], value) for name, value in expected.items())
    assert found.keys() == expected.keys()
    return max(((found[name] - value).norm() / value.norm()).item() for name, value in expected.items())


@pytest.mark.parametrize("kwargs", [{}, {"num_items_in_batch": torch.tensor(77)}])
@pytest.mark.parametrize("architecture", ["llama", "qwen3", "bloom"])
def test_chunks_have_the_same_loss_and_gradients(architecture, kwargs, tiny_model, packed, monkeypatch):
    monkeypatch.setattr(loss_module, "LOGITS_AT_ONCE", 400 * 50)
    assert compare(load_model(tiny_model(architecture), attention_for(architecture)), packed, **kwargs) < 1e-6


@pytest.mark.parametrize("kwargs", [{}, {"num_items_in_batch": torch.tensor(77)}])
def test_a_batch_of_one_chunk_has_the_same_bits(kwargs, tiny_model, packed):
    assert compare(load_model(tiny_model("llama"), attention_for("llama")), packed, **kwargs) == 0


@pytest.mark.parametrize("changes", [{}, {"modules_to_save": ["lm_head"]}])
def test_adapters_are_trained_in_chunks_too(changes, tiny_model, packed, monkeypatch):
    monkeypatch.setattr(loss_module, "LOGITS_AT_ONCE", 400 * 50)
    model = add_adapters(load_model(tiny_model("qwen3"), attention_for("qwen3")), lora_params(**changes))
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            weight.data.normal_(0, 0.1)
    assert compare(model, packed) < 1e-6
