import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import torch

from belle.train.deepspeed import gather_weights


def trainer(zero_stage: int, first: bool) -> SimpleNamespace:
    """A trainer of a model that stage 3 has cut into parts: nothing of a weight is left in its place."""
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 1))
    if zero_stage == 3:
        for weight in model.parameters():
            weight.whole, weight.data = weight.data, torch.empty(0)
    plugin = SimpleNamespace(zero_stage=zero_stage)
    return SimpleNamespace(
        model=model,
        is_deepspeed_enabled=True,
        is_world_process_zero=lambda: first,
        accelerator=SimpleNamespace(state=SimpleNamespace(deepspeed_plugin=plugin)),
    )


@pytest.fixture
def gathered(monkeypatch) -> list[int]:
    """How many weights were whole at a time, by DeepSpeed's stand-in."""
    counts = []

    @contextmanager
    def gather(weights):
        counts.append(len(weights))
        for weight in weights:
            weight.data = weight.whole
        yield
        for weight in weights:
            weight.data = torch.empty(0)

    monkeypatch.setitem(sys.modules, "deepspeed", SimpleNamespace(zero=SimpleNamespace(GatheredParameters=gather)))
    return counts


def test_parts_are_gathered_one_weight_at_a_time_and_kept_by_the_first_process(gathered):
    cut = trainer(3, first=True)
    assert gather_weights(cut)
    assert gathered == [1, 1, 1, 1]
    assert all(torch.equal(weight, weight.whole) for weight in cut.model.parameters())


def test_other_processes_take_part_and_keep_nothing(gathered):
    cut = trainer(3, first=False)
    assert not gather_weights(cut)
    assert gathered == [1, 1, 1, 1]
    assert all(weight.numel() == 0 for weight in cut.model.parameters())


def test_weights_of_another_stage_are_whole_already(gathered):
    assert gather_weights(trainer(2, first=True))
    assert gathered == []
