"""Packed training equals training on one conversation at a time: loss and every gradient."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
import torch
from torch.nn.functional import cross_entropy

from belle.checkpoints.models import load_model
from belle.config.model import Architecture
from belle.data.packed_dataset import PackedDataset
from belle.train import collator as collator_module
from belle.train.trainer import attention_for, collator_for

TOLERANCE = 1e-5
NOTICEABLE = 1e-2
ARCHITECTURES = get_args(Architecture)
Result = tuple[float, dict[str, torch.Tensor]]


def one_at_a_time(checkpoint: Path, encoded: list) -> Result:
    """Every conversation alone, with transformers' own attention and no collator."""
    model = load_model(checkpoint, "eager")
    total, loss_sum = sum(int(one.loss_mask[1:].sum()) for one in encoded), 0.0
    for one in encoded:
        ids, loss_mask = torch.from_numpy(one.ids).long(), torch.from_numpy(one.loss_mask)
        logits = model(input_ids=ids[None], use_cache=False).logits[0]
        loss = cross_entropy(logits[:-1][loss_mask[1:]], ids[1:][loss_mask[1:]], reduction="sum") / total
        loss.backward()
        loss_sum += loss.item()
    return loss_sum, gradients(model)


def together(
    checkpoint: Path,
    architecture: str,
    packed: PackedDataset,
    change: Callable[[dict], dict] = lambda batch: batch,
    device: str = "cpu",
    autocast: bool = False,
) -> Result:
    """All packed sequences in one batch, through the collator and attention that training uses."""
    model = load_model(checkpoint, attention_for(architecture)).to(device)
    batch = change(collator_for(model)([packed[index] for index in range(len(packed))]))
    batch = {name: value.to(device) if torch.is_tensor(value) else value for name, value in batch.items()}
    with torch.autocast(device, torch.bfloat16, enabled=autocast):
        loss = model(**batch, use_cache=False).loss
    loss.backward()
    return loss.item(), gradients(model)


def gradients(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: weight.grad.cpu() for name, weight in model.named_parameters()}


def error(result: Result, expected: Result) -> float:
    """The largest relative error of the loss and of each gradient."""
    loss = abs(result[0] - expected[0]) / expected[0]
    return max(loss, *((result[1][name] - grad).norm() / grad.norm() for name, grad in expected[1].items()))


@pytest.fixture(scope="module")
def expected(tiny_model: Callable[[str], Path], encoded: list) -> Callable[[str], Result]:
    made: dict[str, Result] = {}

    def of(architecture: str) -> Result:
        if architecture not in made:
            made[architecture] = one_at_a_time(tiny_model(architecture), encoded)
        return made[architecture]

    return of


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_loss_and_gradients_are_equal(architecture, tiny_model, packed, expected):
    assert len(packed.segments) - 1 > 2 * len(packed) > 8
    assert error(together(tiny_model(architecture), architecture, packed), expected(architecture)) <= TOLERANCE


def one_segment(batch: dict) -> dict:
    tokens = batch["input_ids"].shape[1]
    return batch | {"cu_seq_lens_q": torch.tensor([0, tokens], dtype=torch.int32), "max_length_q": tokens}


def test_negative_control_one_segment_spanning_everything(tiny_model, packed, expected):
    result = together(tiny_model("llama"), "llama", packed, one_segment)
    assert error(result, expected("llama")) > NOTICEABLE


def test_negative_control_first_labels_left_in(tiny_model, packed, expected, monkeypatch):
    labels = collator_module.labels_of

    def keep_first(sequence):
        kept = labels(sequence)
        first = sequence.lengths.cumsum() - sequence.lengths
        in_loss = first[sequence.loss_mask[first]]
        kept[in_loss] = sequence.ids[in_loss]
        return kept

    monkeypatch.setattr(collator_module, "labels_of", keep_first)
    result = together(tiny_model("llama"), "llama", packed, without_the_first_token_of_all)
    assert error(result, expected("llama")) > NOTICEABLE


def without_the_first_token_of_all(batch: dict) -> dict:
    """Nothing precedes it in the batch, so nothing can predict it."""
    inside = batch["logits_to_keep"] >= 0
    return batch | {
        "logits_to_keep": batch["logits_to_keep"][inside],
        "shift_labels": batch["shift_labels"][:, inside],
    }


def test_negative_control_bloom_on_concatenated_segments(tiny_model, packed, expected):
    def one_segment_for_bloom(batch: dict) -> dict:
        return batch | {"attention_mask": torch.tensor([0, batch["input_ids"].shape[1]])}

    assert error(together(tiny_model("bloom"), "bloom", packed, one_segment_for_bloom), expected("bloom")) > NOTICEABLE


@pytest.mark.gpu
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_on_a_gpu_loss_and_gradients_are_equal(architecture, tiny_model, packed, expected):
    assert (
        error(together(tiny_model(architecture), architecture, packed, device="cuda"), expected(architecture)) <= 1e-4
    )


@pytest.mark.gpu
def test_on_a_gpu_the_variable_length_kernel_trains_the_same(tiny_model, packed, expected):
    """In half precision, where the kernel is used; the mistakes of the negative controls are far larger."""
    result = together(tiny_model("llama"), "llama", packed, device="cuda", autocast=True)
    assert error(result, expected("llama")) <= 0.05
    leaking = together(tiny_model("llama"), "llama", packed, one_segment, device="cuda", autocast=True)
    assert error(leaking, expected("llama")) > 0.2
