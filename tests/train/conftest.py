"""Packed sequences of real conversations and plain texts, through the real encoder and packer."""

import socket
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter

if TYPE_CHECKING:
    from belle.tokenizer.encode import Encoded

MAX_LENGTH = 256


@pytest.fixture(scope="session")
def encoded(tiny_model: Callable[[str], Path]) -> "list[Encoded]":
    """Encoded mini conversations; in every third one all tokens are in the loss, as in pre-training."""
    from belle.mini.data.builtin import conversations
    from belle.tokenizer.encode import ChatEncoder, Encoded, EncodingError
    from belle.tokenizer.load import load_tokenizer

    encoder = ChatEncoder(load_tokenizer(tiny_model("llama")))
    messages = [row["messages"] for row in islice(conversations("general", "x"), 24)]
    encodable = [one for one in encoder.encode_batch(messages) if not isinstance(one, EncodingError)]
    usable = [one for (one,) in encodable if one.loss_mask.any()]
    fitting = [one for one in usable if len(one.ids) <= MAX_LENGTH]
    return [
        Encoded(one.ids, np.ones_like(one.loss_mask)) if number % 3 == 0 else one for number, one in enumerate(fitting)
    ]


@pytest.fixture(scope="session")
def packed_directory(encoded: "list[Encoded]", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, packed and written."""
    folder = tmp_path_factory.mktemp("packed")
    with PackedDatasetWriter(folder, MAX_LENGTH, seed=1) as writer:
        for row, one in enumerate(encoded):
            writer.add(one.ids, one.loss_mask, row)
    return folder


@pytest.fixture(scope="session")
def packed(packed_directory: Path) -> PackedDataset:
    return PackedDataset(packed_directory)


@pytest.fixture
def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
