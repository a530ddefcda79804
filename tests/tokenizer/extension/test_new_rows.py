import pytest
import torch

from belle.checkpoints.models import load_model
from belle.errors import UserError
from belle.tokenizer.extension.new_rows import add_rows

PARTS = [[3, 5], [7], [3, 5, 5]]


def rows_of(model) -> torch.Tensor:
    return model.get_input_embeddings().weight.detach().clone()


@pytest.mark.parametrize("architecture", ["llama", "qwen3", "bloom"])
def test_each_matrix_gets_means_of_its_own_rows(architecture, tiny_model):
    model = load_model(tiny_model(architecture))
    before, head = rows_of(model), model.get_output_embeddings().weight.detach().clone()
    add_rows(model, 400, PARTS)
    for old, layer in ((before, model.get_input_embeddings()), (head, model.get_output_embeddings())):
        assert layer.weight.shape[0] == model.config.vocab_size == 448
        assert torch.equal(layer.weight[:400], old)
        for place, parts in enumerate(PARTS, start=400):
            torch.testing.assert_close(layer.weight[place], old[parts].mean(dim=0))
        torch.testing.assert_close(layer.weight[403:], old.mean(dim=0).expand(45, -1))
    tied = model.get_input_embeddings().weight is model.get_output_embeddings().weight
    assert tied == (architecture != "qwen3")


def test_rows_without_a_token_are_used_first(tiny_model):
    """Qwen's embedding has more rows than its tokenizer has tokens."""
    model = load_model(tiny_model("llama"))
    model.resize_token_embeddings(448)
    before = rows_of(model)
    add_rows(model, 400, PARTS)
    after = rows_of(model)
    assert after.shape == before.shape
    torch.testing.assert_close(after[400], before[[3, 5]].mean(dim=0))


def test_the_logit_of_a_row_without_a_token_is_never_the_highest(tiny_model):
    model = load_model(tiny_model("llama"))
    add_rows(model, 400, PARTS)
    best = model(torch.arange(400)[:, None]).logits.argmax(dim=-1)
    assert best.max() < 403


def test_a_tokenizer_larger_than_the_embedding_is_refused(tiny_model):
    model = load_model(tiny_model("llama"))
    with pytest.raises(UserError, match=r"the tokenizer has 401 ids, the embedding 400 rows"):
        add_rows(model, 401, PARTS)
