"""A tokenizer trained on the mini conversations, with BELLE's template."""

from collections.abc import Callable
from itertools import islice

import pytest

from belle.data.tables import Row
from belle.mini.data import conversations
from belle.tokenizer.template import TEMPLATES

SPEAKERS = {"user": "Human: \n", "assistant": "\n\nAssistant: \n"}


@pytest.fixture(scope="session")
def mini_rows() -> list[Row]:
    """Conversations that the clean stage would let through: user and assistant in turn."""
    rows = islice(conversations("general", "x"), 260)
    return [
        row for row in rows if [m["role"] for m in row["messages"]] in (["user", "assistant"] * n for n in (1, 2, 3))
    ]


@pytest.fixture(scope="session")
def tokenizer_of(mini_rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], object]:
    """Give a fresh tokenizer with the chat template given by name or as Jinja."""
    from belle.mini.tokenizer import train_tokenizer, write_tokenizer
    from belle.tokenizer.load import read_tokenizer

    folder = tmp_path_factory.mktemp("tokenizer")
    lines = (SPEAKERS[m["role"]] + m["content"] for row in mini_rows for m in row["messages"])
    write_tokenizer(train_tokenizer(lines, 800), folder)

    def make(template: str) -> object:
        tokenizer = read_tokenizer(folder)
        tokenizer.chat_template = TEMPLATES.get(template, template)
        return tokenizer

    return make
