import math

import numpy as np
import pytest

from belle.evaluate.agreement import log_softmax, measure_agreement
from belle.tokenizer.encode import Encoded


class TableModel:
    """A model whose next-token probabilities after token `t` are row `t` of a table."""

    def __init__(self, table):
        self.table = np.array(table, dtype=np.float32)

    def logits(self, ids):
        # any constant may be added to logits
        return np.log(self.table[ids]) + 3


def encoded(ids: list[int], loss_mask: list[bool]) -> Encoded:
    return Encoded(np.array(ids, np.int32), np.array(loss_mask, bool))


HALVES = [[0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]
OTHER = [[0.25, 0.5, 0.25], [0.1, 0.8, 0.1], [0.4, 0.2, 0.4]]
# tokens 1 and 2 are the answer: they are predicted after 0 and 1
REFERENCE = encoded([2, 0, 1, 2], [False, False, True, True])


def test_a_model_agrees_with_itself_and_not_with_another():
    same = measure_agreement(TableModel(HALVES), TableModel(HALVES), [REFERENCE])
    assert (same.kl_divergence, same.top1_agreement) == (0.0, 1.0)
    other = measure_agreement(TableModel(HALVES), TableModel(OTHER), [REFERENCE])
    # after 0: 0.5 ln 2 + 0.25 ln 0.5; after 1: equal
    assert other.kl_divergence == pytest.approx(0.25 * math.log(2) / 2, abs=1e-6)
    assert other.top1_agreement == 0.5


def test_tokens_in_the_loss_mask_count_and_weigh_the_same():
    once = encoded([2, 1, 2], [False, False, True])
    both = measure_agreement(TableModel(HALVES), TableModel(OTHER), [REFERENCE, once])
    assert both.kl_divergence == pytest.approx(0.25 * math.log(2) / 3, abs=1e-6)
    assert both.top1_agreement == pytest.approx(2 / 3, abs=1e-6)
    after_two = encoded([2, 1], [False, True])
    assert measure_agreement(TableModel(HALVES), TableModel(OTHER), [after_two]).kl_divergence > 0.05


def test_the_divergence_is_from_the_unquantized_model():
    after_two = [encoded([2, 1], [False, True])]
    forwards = measure_agreement(TableModel(HALVES), TableModel(OTHER), after_two).kl_divergence
    assert forwards == pytest.approx(0.2 * math.log(0.5) + 0.6 * math.log(1.5), abs=1e-6)
    assert forwards != measure_agreement(TableModel(OTHER), TableModel(HALVES), after_two).kl_divergence


def test_log_softmax_does_not_overflow():
    values = log_softmax(np.array([[1e4, 0.0], [-1e4, -1e4]], np.float32))
    assert values.dtype == np.float64
    assert values[0] == pytest.approx([0, -1e4])
    assert values[1] == pytest.approx([math.log(0.5)] * 2)
