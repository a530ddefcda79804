"""A copy of the configuration to change, tiny random models of each architecture, and tokenizers to go with them."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from http_server import Behavior, serve

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

ROOT = Path(__file__).resolve().parents[1]
TEXT = ["你好，世界！", "把“苹果”翻译成英文。", "What is 12 + 34?", "苹果是红色的。", "print('猫')\n"]
COMMON = {"vocab_size": 400, "eos_token_id": 0, "pad_token_id": 1, "bos_token_id": None, "initializer_range": 0.2}
WIDTH = {"hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2}
NARROW_KEYS = WIDTH | {"intermediate_size": 128, "num_key_value_heads": 2, "max_position_embeddings": 512}

# as the Makefile sets it: waiting threads leave the cores alone soon; read when torch is imported
os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def pytest_collection_finish() -> None:
    """Make the tests of this process faster: tiny models on one thread, and less for the garbage collector."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
    # the imported libraries would be looked through during every test
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a GPU where there is none."""
    if item.get_closest_marker("gpu"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("needs a CUDA GPU")


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, dict[str, Any]], None]:
    """Go to a copy of params.yaml and configs/; return `change(file, {key path: value})`."""
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    monkeypatch.chdir(tmp_path)
    yaml = YAML(typ="safe")

    def change_file(file: str, changes: dict[str, Any]) -> None:
        content = yaml.load(Path(file))
        for path, value in changes.items():
            *sections, key = path.split(".")
            part = content
            for section in sections:
                part = part[section]
            part[key] = value
        yaml.dump(content, Path(file))

    return change_file


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Behavior]:
    """A web server on this machine, reached without a proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as behavior:
        yield behavior


def config_of(architecture: str):
    from transformers import BloomConfig, LlamaConfig, Qwen2Config, Qwen3Config

    match architecture:
        case "llama":
            return LlamaConfig(**COMMON, **NARROW_KEYS, tie_word_embeddings=True)
        case "qwen2":
            return Qwen2Config(**COMMON, **NARROW_KEYS, tie_word_embeddings=True)
        case "qwen3":
            return Qwen3Config(**COMMON, **NARROW_KEYS, head_dim=16, tie_word_embeddings=False)
        case "bloom":
            return BloomConfig(**COMMON, hidden_size=64, n_head=4, n_layer=2)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the directory of a model with random weights, a byte-level tokenizer and BELLE's chat template."""
    made: dict[str, Path] = {}

    def make(architecture: str) -> Path:
        if architecture not in made:
            made[architecture] = write_tiny_model(tmp_path_factory.mktemp(architecture), architecture)
        return made[architecture]

    return make


def write_tiny_model(folder: Path, architecture: str) -> Path:
    import torch
    from transformers import AutoModelForCausalLM

    from belle.mini.model import train_tokenizer, write_tokenizer
    from belle.tokenizer.template import store_template

    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config_of(architecture)).float()
    model.save_pretrained(folder)
    write_tokenizer(train_tokenizer(iter(TEXT), 400), folder)
    store_template(folder, "belle")
    return folder


@pytest.fixture(scope="session")
def mini_conversations() -> list[list[dict[str, str]]]:
    """Messages of conversations that the clean stage would keep: user and assistant in turn."""
    from belle.mini.data.builtin import conversations

    found = [row["messages"] for row in islice(conversations("general", "x"), 260)]
    alternating = [["user", "assistant"] * turns for turns in (1, 2, 3)]
    return [messages for messages in found if [message["role"] for message in messages] in alternating]


@pytest.fixture(scope="session")
def tokenizer_of(
    mini_conversations: list[list[dict[str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], "PreTrainedTokenizerBase"]:
    """Give a fresh tokenizer with the chat template given by name or as Jinja."""
    from belle.mini.model import train_tokenizer, write_tokenizer
    from belle.tokenizer.load import read_tokenizer
    from belle.tokenizer.template import ASSISTANT, HUMAN, TEMPLATES

    folder, headers = tmp_path_factory.mktemp("tokenizer"), {"user": HUMAN, "assistant": ASSISTANT}
    lines = (headers[message["role"]] + message["content"] for messages in mini_conversations for message in messages)
    write_tokenizer(train_tokenizer(lines, 800), folder)

    def make(template: str) -> "PreTrainedTokenizerBase":
        tokenizer = read_tokenizer(folder)
        tokenizer.chat_template = TEMPLATES.get(template, template)
        return tokenizer

    return make
