"""llama.cpp's own server gives the answers of the local backend."""

import shutil
from pathlib import Path

import pytest
import torch

from belle.checkpoints.models import load_model
from belle.evaluate.answers import read_answers
from belle.evaluate.generate import generate_quantized, generate_served, generate_unquantized
from belle.evaluate.served_model import served_name
from belle.evaluate.task import Task
from belle.quantize.gguf.quantize import quantize_gguf
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import load_tokenizer
from endpoints.conftest import endpoint
from factories import conversation, question
from llama_server import KEY, serve_llama

from .asking import profile
from .test_served_answers import PARAMS

pytestmark = pytest.mark.slow
ANSWERS = {
    "一加一": "等于二。",
    "Say hello": "Hello, world!",
    "数数": "一二三四五六七八九十" * 6,
    "你好": "你好！\n\nHuman: \n再见\n\nAssistant: \n再见！",
}


@pytest.fixture
def checkpoint(tiny_model, tmp_path) -> Path:
    """A model that knows the answers by heart: the tokens of a random one are no text."""
    source, target = tiny_model("llama"), tmp_path / "memorized"
    tokenizer, model = load_tokenizer(source), load_model(source)
    encoder = ChatEncoder(tokenizer)
    learned = [
        torch.tensor([encoder.encode(conversation(asked, answer)).ids.tolist()]) for asked, answer in ANSWERS.items()
    ]
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(80):
        for ids in learned:
            model(ids, labels=ids).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    shutil.copytree(source, target)
    model.save_pretrained(target)
    return target


def test_the_answers_are_those_of_the_local_backends(checkpoint, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("LOCAL_KEY", KEY)
    quantized, served, local, unquantized = (tmp_path / name for name in ("f32", "served", "local", "unquantized"))
    for folder in (quantized, served, local, unquantized):
        folder.mkdir()
    quantize_gguf(checkpoint, "f32", quantized)
    questions = [question(asked, asked, answer) for asked, answer in ANSWERS.items()]
    task = Task.prepare(checkpoint, questions, PARAMS, profile())
    generate_unquantized(task, unquantized)
    generate_quantized("gguf-f32", quantized, task, unquantized, local)
    with serve_llama(quantized / "model.gguf", 256, "--model_alias", served_name(checkpoint)) as address:
        generate_served(task, endpoint(base_url=address, api_key_variable="LOCAL_KEY"), served)
    assert "was asked for" not in capsys.readouterr().err
    answers = [read_answers(folder / "answers.jsonl") for folder in (served, local, unquantized)]
    assert [(one.answer, one.stop) for one in answers[0]] == [
        ("等于二。", "eos"), ("Hello, world!", "eos"), (answers[1][2].answer, "length"), ("你好！", "turn"),
    ]  # fmt: skip
    # a server does not know of turns, and goes on
    assert answers[0][3].tokens > answers[1][3].tokens
    assert answers[0][:3] == answers[1][:3] and answers[1] == answers[2]
