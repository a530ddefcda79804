import numpy as np

from belle.data.packed_dataset import PackedSequence
from belle.train.collator import IGNORED, FlatCollator, PaddedCollator, labels_of

X = IGNORED
# segments 10 11 12 | 20 21, every token but the prompt 10 trained on
ROW = PackedSequence(
    np.array([10, 11, 12, 20, 21], dtype=np.int32), np.array([False, True, True, True, True]), np.array([3, 2])
)
OTHER = PackedSequence(np.array([30, 31], dtype=np.int32), np.array([False, True]), np.array([2]))


def test_labels_leave_out_prompts_and_the_first_token_of_each_segment() -> None:
    assert labels_of(ROW).tolist() == [X, 11, 12, X, 21]


def test_flat_batch_has_segments_by_length_with_positions_from_zero() -> None:
    batch = FlatCollator()([ROW, OTHER])
    assert batch["input_ids"].tolist() == [[20, 21, 30, 31, 10, 11, 12]]
    assert batch["labels"].tolist() == [[X, 21, X, 31, X, 11, 12]]
    assert batch["position_ids"].tolist() == [[0, 1, 0, 1, 0, 1, 2]]
    assert batch["cu_seq_lens_q"].tolist() == batch["cu_seq_lens_k"].tolist() == [0, 2, 4, 7]
    assert batch["max_length_q"] == batch["max_length_k"] == 3
    assert str(batch["cu_seq_lens_q"].dtype) == "torch.int32"


def test_logits_are_kept_where_a_label_follows() -> None:
    batch = FlatCollator()([ROW, OTHER])
    assert batch["logits_to_keep"].tolist() == [0, 2, 4, 5]
    assert batch["shift_labels"].tolist() == [[21, 31, 11, 12]]


def test_padded_batch_has_a_line_a_segment() -> None:
    batch = PaddedCollator()([ROW, OTHER])
    assert batch["input_ids"].tolist() == [[10, 11, 12], [20, 21, 0], [30, 31, 0]]
    assert batch["labels"].tolist() == [[X, 11, 12], [X, 21, X], [X, 31, X]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0], [1, 1, 0]]
