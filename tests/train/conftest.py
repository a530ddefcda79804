"""Packed rows of real conversations and plain texts, through the real encoder and packer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from belle.config.hardware import HardwareProfile
from belle.config.train import FullFinetuneParams

MAX_LENGTH = 512


@pytest.fixture(scope="session")
def encoded(tiny_model: Callable[[str], Path]) -> list:
    """Encoded mini conversations; in every third one all tokens count in the loss, as in pre-training."""
    from belle.mini.data.builtin import conversations
    from belle.tokenizer.encode import ChatEncoder, Encoded
    from belle.tokenizer.load import load_tokenizer

    encoder = ChatEncoder(load_tokenizer(tiny_model("llama")))
    messages = [row["messages"] for row, _ in zip(conversations("general", "x"), range(60), strict=False)]
    usable = [one for one in encoder.encode_batch(messages) if isinstance(one, Encoded) and one.loss_mask.any()]
    fitting = [one for one in usable if len(one.ids) <= MAX_LENGTH]
    return [
        Encoded(one.ids, np.ones_like(one.loss_mask)) if number % 3 == 0 else one for number, one in enumerate(fitting)
    ]


@pytest.fixture(scope="session")
def packed(encoded: list, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, packed and written."""
    from belle.data.packed_dataset import PackedDatasetWriter

    folder = tmp_path_factory.mktemp("packed")
    with PackedDatasetWriter(folder, MAX_LENGTH, seed=1) as writer:
        for one in encoded:
            writer.add(one.ids, one.loss_mask)
    return folder


@pytest.fixture
def schedule() -> FullFinetuneParams:
    return FullFinetuneParams(learning_rate=1e-3, epochs=2, batch_size=8, warmup_ratio=0.1, weight_decay=0.01)


@pytest.fixture
def hardware() -> HardwareProfile:
    return HardwareProfile(
        device="cpu",
        num_processes=1,
        micro_batch_size=8,
        precision="fp32",
        gradient_checkpointing=False,
        zero_stage=0,
        offload_optimizer=False,
    )
