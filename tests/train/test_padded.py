import numpy as np
import pytest
import torch

from belle.checkpoints.models import load_model
from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter
from belle.train.collator import PaddedCollator
from belle.train.lora import add_adapters
from belle.train.padded import groups_of, pad_in_groups
from belle.train.trainer import run_trainer
from factories import hardware, lora_params


@pytest.mark.parametrize(
    ("lengths", "groups"),
    [
        ([5], [range(1)]),
        ([4, 4, 4], [range(3)]),
        ([3, 4, 5], [range(2), range(2, 3)]),
        ([1, 2, 3, 4], [range(1), range(1, 2), range(2, 4)]),
    ],
)
def test_no_segment_of_a_group_is_much_shorter_than_its_longest(lengths, groups):
    assert list(groups_of(lengths)) == groups


def lengths_of_conversations(count: int) -> np.ndarray:
    """Log-normal, mean 123, 1.4 % above 512, at most 1024: those of BELLE's conversations."""
    drawn = np.random.default_rng(3).lognormal(np.log(123) - 0.89**2 / 2, 0.89, count)
    return np.clip(drawn, 2, 1024).astype(int)


def test_little_is_padded_however_lengths_are_spread(tmp_path):
    lengths = lengths_of_conversations(4000)
    assert 115 < lengths.mean() < 131
    assert 0.01 < (lengths > 512).mean() < 0.02
    with PackedDatasetWriter(tmp_path, 1024, seed=1) as writer:
        for length in lengths:
            writer.add(np.ones(length, dtype=np.int32), np.ones(length, dtype=bool), row=0)
    packed, collator, real, padded, most = PackedDataset(tmp_path), PaddedCollator(), 0, 0, 0
    for start in range(0, len(packed), 4):
        batch = collator([packed[index] for index in range(start, min(start + 4, len(packed)))])
        counts = batch["attention_mask"].diff().tolist()
        computed = sum(len(group) * counts[group[-1]] for group in groups_of(counts))
        real, padded, most = real + sum(counts), padded + computed, max(most, computed / sum(counts))
    print(f"real / computed tokens: {real / padded:.3f}, of the worst batch {1 / most:.3f}")
    assert real / padded > 0.85
    assert most < 4 / 3


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_bloom_is_trained_with_adapters_and_without_padding_in_the_loss(precision, tiny_model, packed, tmp_path):
    """The batch of an optimizer step and the count of its tokens are those of every other model."""
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[precision]
    model = add_adapters(load_model(tiny_model("bloom"), "eager"), lora_params(learning_rate=1e-2, epochs=2), dtype)
    profile = hardware(precision=precision, gradient_checkpointing=True, micro_batch_size=2)
    (tmp_path / "checkpoints").mkdir()
    _, work = run_trainer(
        model, packed, packed, lora_params(epochs=2), profile, seed=1, stage="train", logs=tmp_path,
        checkpoints=tmp_path / "checkpoints",
    )  # fmt: skip
    assert work == {"tokens": 2 * len(packed.ids), "steps": 2 * -(-len(packed) // 8)}
    losses = [float(line.split()[1]) for line in (tmp_path / "plots/metrics/eval_loss.tsv").open().readlines()[1:]]
    assert losses[1] < losses[0]


def test_logits_are_computed_at_labelled_positions_alone(tiny_model, packed):
    model = load_model(tiny_model("bloom"), "eager")
    pad_in_groups(model)
    batch = PaddedCollator()([packed[0], packed[1]])
    logits = model(**batch, use_cache=False).logits
    assert logits.shape[:2] == batch["shift_labels"].shape
    assert logits.shape[1] < batch["input_ids"].shape[1]
