import numpy as np

from belle.data.packed_dataset import PackedSequence
from belle.train.collator import IGNORED, FlatCollator, PaddedCollator, labels_of

X = IGNORED


def sequence(ids: list[int], loss_mask: list[bool], lengths: list[int]) -> PackedSequence:
    return PackedSequence(np.array(ids, dtype=np.int32), np.array(loss_mask), np.array(lengths), np.arange(len(lengths)))


# segments 10 11 12 | 20 21, all but the prompt 10 in the loss; and 30 31
TWO_SEGMENTS = sequence([10, 11, 12, 20, 21], [False, True, True, True, True], [3, 2])
ONE_SEGMENT = sequence([30, 31], [False, True], [2])


def test_labels_leave_out_prompts_and_the_first_token_of_each_segment():
    assert labels_of(TWO_SEGMENTS).tolist() == [X, 11, 12, X, 21]


def test_a_flat_batch_has_segments_by_length_with_positions_from_zero():
    batch = FlatCollator()([TWO_SEGMENTS, ONE_SEGMENT])
    assert batch["input_ids"].tolist() == [[20, 21, 30, 31, 10, 11, 12]]
    assert batch["labels"].tolist() == [[X, 21, X, 31, X, 11, 12]]
    assert batch["position_ids"].tolist() == [[0, 1, 0, 1, 0, 1, 2]]
    assert batch["cu_seq_lens_q"].tolist() == batch["cu_seq_lens_k"].tolist() == [0, 2, 4, 7]
    assert batch["max_length_q"] == batch["max_length_k"] == 3
    assert str(batch["cu_seq_lens_q"].dtype) == "torch.int32"


def test_logits_are_kept_where_a_label_follows():
    batch = FlatCollator()([TWO_SEGMENTS, ONE_SEGMENT])
    assert batch["logits_to_keep"].tolist() == [0, 2, 4, 5]
    assert batch["shift_labels"].tolist() == [[21, 31, 11, 12]]


def test_a_padded_batch_has_one_line_for_each_segment():
    batch = PaddedCollator()([TWO_SEGMENTS, ONE_SEGMENT])
    assert batch["input_ids"].tolist() == [[10, 11, 12], [20, 21, 0], [30, 31, 0]]
    assert batch["labels"].tolist() == [[X, 11, 12], [X, 21, X], [X, 31, X]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0], [1, 1, 0]]
