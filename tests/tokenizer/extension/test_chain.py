"""An extended model goes on through pre-training, tokenizing and GGUF."""

import json

import pytest
from transformers import PreTrainedTokenizerBase

from belle.checkpoints.models import load_model
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.quantize.gguf.writer import write_gguf
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.plain_text import ids_of
from belle.train.pretrain import prepare_tokens, pretrain
from factories import conversation, hardware, pretrain_params

from .conftest import OTHER_TEXTS
from .test_extend import MIXED

pytestmark = pytest.mark.slow
PARAMS = pretrain_params(trainable="embeddings", max_length=64)


@pytest.mark.parametrize("kind", ["byte-level", "sentencepiece"])
def test_the_extended_model_is_trained_and_its_ids_are_those_of_llama_cpp(kind, extended, texts, corpus, tmp_path):
    folders = [tmp_path / name for name in ("models", "logs", "checkpoints")]
    for folder in folders:
        folder.mkdir()
    prepare_tokens(extended(kind)[0], texts, PARAMS, 5, folders[2])
    pretrain(extended(kind)[0], PARAMS, hardware(), 5, *folders)
    model, tokenizer = load_model(folders[0]), load_tokenizer(folders[0])
    assert tokenizer.get_vocab() == load_tokenizer(extended(kind)[0]).get_vocab()
    assert json.loads((folders[1] / "metrics.json").read_text())["eval_loss"] < 10
    write_gguf(model, tokenizer, tmp_path / "model.gguf", "f16")
    llama = LlamaCppModel(tmp_path / "model.gguf", context_length=64, threads=1)
    # a space before text that begins with one: docs/gguf.md
    probes = [text for text in corpus + MIXED + OTHER_TEXTS[:-1] if not text.startswith(" ")]
    assert [text for text in probes if llama.tokenize(text) != ids_of(tokenizer, [text])[0]] == []
    assert new_tokens_used(tokenizer, probes, len(load_tokenizer(extended(kind)[0])) - 1000) > 300


def new_tokens_used(tokenizer: PreTrainedTokenizerBase, texts: list[str], first: int) -> int:
    return len({index for ids in ids_of(tokenizer, texts) for index in ids if index >= first})


@pytest.mark.parametrize("kind", ["byte-level", "sentencepiece"])
def test_conversations_are_encoded_with_new_tokens(kind, base, extended):
    messages = conversation("到挪威旅行，可以去哪里？", "可以去首都奥斯陆。")
    before, after = (ChatEncoder(load_tokenizer(one)).encode(messages) for one in (base(kind), extended(kind)[0]))
    assert len(after.ids) < len(before.ids)
    assert after.ids.max() >= len(load_tokenizer(base(kind)))
