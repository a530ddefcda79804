import json

import pytest
import torch
from safetensors.torch import load_file

from belle.checkpoints.models import load_model
from belle.data.held_out import held_out
from belle.data.mixture import read_texts
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.data.tokenize_texts import EVAL_FRACTION
from belle.errors import UserError
from belle.tokenizer.load import load_tokenizer
from belle.train.pretrain import choose_trainable, prepare_tokens, pretrain
from factories import hardware, pretrain_params, text_row

PARAMS = pretrain_params(max_length=128)
EXTRA = {"special_tokens_map.json"}
"""A file of the older form of tokenizers."""
TEXTS = [text_row(f"x-{number}", f"苹果是红色的{number}<|endoftext|>") for number in range(128)]


@pytest.fixture
def run_pretrain(tiny_model, tmp_path):
    """Pre-train a tiny model on texts; return the new model's directory and the summary."""

    def run(texts: list[dict], architecture: str = "llama", **settings):
        write_table(tmp_path / "texts.parquet", texts, TEXT_SCHEMA)
        out, logs, checkpoints = (tmp_path / name for name in ("out", "logs", "checkpoints"))
        for folder in (out, logs, checkpoints):
            folder.mkdir()
        params = PARAMS.model_copy(update=settings)
        prepare_tokens(tiny_model(architecture), tmp_path / "texts.parquet", params, 5, checkpoints)
        pretrain(tiny_model(architecture), params, hardware(), 5, out, logs, checkpoints)
        assert {path.name for path in out.iterdir()} == {
            path.name for path in tiny_model(architecture).iterdir()
        } - EXTRA
        return out, json.loads((logs / "metrics.json").read_text())

    return run


def test_every_token_of_the_texts_that_are_not_held_out_is_trained_on(run_pretrain, tiny_model, tmp_path):
    _, summary = run_pretrain(TEXTS)
    tokenizer = load_tokenizer(tiny_model("llama"))
    is_eval = held_out(read_texts(tmp_path / "texts.parquet").rows["digest"], EVAL_FRACTION)
    assert 0 < is_eval.sum() < 10
    training = [row["text"] for row, left_out in zip(TEXTS, is_eval, strict=True) if not left_out]
    # what looks like a special token in a text is plain text, and each text has one real end token
    encoded = [tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"] for text in training]
    assert not any(tokenizer.eos_token_id in ids for ids in encoded)
    assert summary["tokens_seen"] == sum(len(ids) + 1 for ids in encoded)
    assert summary["eval_loss"] > 0


def test_the_trained_weights_are_saved_with_their_tokenizer(run_pretrain, tiny_model):
    out, _ = run_pretrain(TEXTS)
    before, after = (load_file(folder / "model.safetensors") for folder in (tiny_model("llama"), out))
    assert before.keys() == after.keys()
    assert not torch.equal(before["model.norm.weight"], after["model.norm.weight"])
    assert load_tokenizer(out).chat_template == load_tokenizer(tiny_model("llama")).chat_template


def test_too_few_texts_are_an_error(run_pretrain):
    with pytest.raises(UserError, match=r"texts\.parquet: 1 texts are too few: "):
        run_pretrain(TEXTS[:1])


# qwen3's lm_head is a matrix of its own, llama's is the embedding
@pytest.mark.parametrize(
    ("architecture", "trainable", "changed"),
    [
        ("qwen3", "embeddings", {"model.embed_tokens.weight"}),
        ("qwen3", "embeddings+lm_head", {"model.embed_tokens.weight", "lm_head.weight"}),
        ("llama", "embeddings", {"model.embed_tokens.weight"}),
        ("llama", "embeddings+lm_head", {"model.embed_tokens.weight"}),
    ],
)
def test_what_is_not_trained_stays_as_it_was(architecture, trainable, changed, run_pretrain, tiny_model):
    out, summary = run_pretrain(TEXTS, architecture, trainable=trainable)
    before, after = (load_file(folder / "model.safetensors") for folder in (tiny_model(architecture), out))
    assert before.keys() == after.keys()
    assert {name for name in before if not torch.equal(before[name], after[name])} == changed
    assert summary["trainable_parameters"] == sum(after[name].numel() for name in changed)


def test_gradients_reach_trained_embeddings_alone(tiny_model):
    model = load_model(tiny_model("bloom"))
    choose_trainable(model, "embeddings")
    assert [name for name, weight in model.named_parameters() if weight.requires_grad] == [
        "transformer.word_embeddings.weight"
    ]


def test_a_mixture_trains_on_fewer_texts_and_says_which(run_pretrain):
    sources = [row | {"source": "domain" if number % 3 else "general"} for number, row in enumerate(TEXTS)]
    _, summary = run_pretrain(sources, mixture=[1.0, 1.0])
    general, domain = summary["mixture"]["general"], summary["mixture"]["domain"]
    assert general["texts_taken"] == general["texts"] < domain["texts"]
    assert abs(domain["characters_taken"] - general["characters"]) < 40
    assert len(TEXTS) - 10 < general["texts"] + domain["texts"] < len(TEXTS)
