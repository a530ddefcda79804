import math

import numpy as np
import pytest

from belle.errors import UserError
from belle.evaluate.agreement import (
    ReferenceLogits,
    log_softmax,
    measure_agreement,
    read_reference_logits,
    reference_logits,
)
from belle.tokenizer.encode import Encoded


class TableModel:
    """A model whose next-token probabilities after token `t` are row `t` of a table."""

    def __init__(self, table):
        self.table = np.array(table, dtype=np.float32)

    def logits(self, ids):
        # any constant may be added to logits
        return np.log(self.table[ids]) + 3


def known(table, references, **options) -> ReferenceLogits:
    return reference_logits(TableModel(table), references, **options)


def encoded(ids: list[int], loss_mask: list[bool]) -> Encoded:
    return Encoded(np.array(ids, np.int32), np.array(loss_mask, bool))


HALVES = [[0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]
OTHER = [[0.25, 0.5, 0.25], [0.1, 0.8, 0.1], [0.4, 0.2, 0.4]]
# tokens 1 and 2 are the answer: they are predicted after 0 and 1
REFERENCE = encoded([2, 0, 1, 2], [False, False, True, True])


def test_a_model_agrees_with_itself_and_not_with_another():
    same = measure_agreement(known(HALVES, [REFERENCE]), TableModel(HALVES), [REFERENCE])
    assert (same.kl_divergence, same.top1_agreement) == (0.0, 1.0)
    other = measure_agreement(known(HALVES, [REFERENCE]), TableModel(OTHER), [REFERENCE])
    # after 0: 0.5 ln 2 + 0.25 ln 0.5; after 1: equal
    assert other.kl_divergence == pytest.approx(0.25 * math.log(2) / 2, abs=1e-6)
    assert other.top1_agreement == 0.5


def test_tokens_in_the_loss_mask_count_and_weigh_the_same():
    once = encoded([2, 1, 2], [False, False, True])
    both = measure_agreement(known(HALVES, [REFERENCE, once]), TableModel(OTHER), [REFERENCE, once])
    assert both.kl_divergence == pytest.approx(0.25 * math.log(2) / 3, abs=1e-6)
    assert both.top1_agreement == pytest.approx(2 / 3, abs=1e-6)
    after_two = encoded([2, 1], [False, True])
    assert measure_agreement(known(HALVES, [after_two]), TableModel(OTHER), [after_two]).kl_divergence > 0.05


def test_the_divergence_is_from_the_unquantized_model():
    after_two = [encoded([2, 1], [False, True])]
    forwards = measure_agreement(known(HALVES, after_two), TableModel(OTHER), after_two).kl_divergence
    assert forwards == pytest.approx(0.2 * math.log(0.5) + 0.6 * math.log(1.5), abs=1e-6)
    assert forwards != measure_agreement(known(OTHER, after_two), TableModel(HALVES), after_two).kl_divergence


def test_log_softmax_does_not_overflow():
    values = log_softmax(np.array([[1e4, 0.0], [-1e4, -1e4]], np.float32))
    assert values.dtype == np.float64
    assert values[0] == pytest.approx([0, -1e4])
    assert values[1] == pytest.approx([math.log(0.5)] * 2)


def test_what_is_kept_is_bounded_and_the_rest_counts_as_one_token():
    references = [REFERENCE, encoded([2, 1, 2], [False, False, True])]
    some = known(HALVES, references, most_bytes=2 * 3 * 8)
    assert some.tokens.shape == some.logits.shape == (3, 2)
    assert some.logits.dtype == np.float32 and some.tokens.dtype == np.uint16
    found = measure_agreement(some, TableModel([[0.25, 0.5, 0.25], [0.1, 0.6, 0.3], [0.4, 0.2, 0.4]]), references)
    # after 0 the first two tokens and the rest, all known; after 1 token 1, token 0 or 2, and the rest
    first = 0.5 * math.log(2) + 0.25 * math.log(0.5)
    second = 0.8 * math.log(0.8 / 0.6) + 0.1 * (math.log(0.1 / 0.3) + math.log(0.1 / 0.1))
    assert found.kl_divergence == pytest.approx((first + 2 * second) / 3, abs=1e-6)
    assert found.top1_agreement == pytest.approx(2 / 3, abs=1e-6)


def test_fewer_tokens_make_the_divergence_a_little_smaller():
    random = np.random.default_rng(1)
    p, q = (random.dirichlet(np.full(200, 0.1), 50) + 1e-9 for _ in range(2))
    reference = encoded([*range(50), 0], [False] + [True] * 50)
    exact, *others = (
        measure_agreement(known(p, [reference], most_bytes=kept * 50 * 8), TableModel(q), [reference])
        for kept in (200, 100, 20, 1)
    )
    divergences = [one.kl_divergence for one in others]
    assert exact.kl_divergence > divergences[0] > divergences[1] > divergences[2] > 0
    assert divergences[0] == pytest.approx(exact.kl_divergence, rel=0.02)
    assert {one.top1_agreement for one in others} == {exact.top1_agreement}


def test_kept_logits_are_read_as_they_were_written_with_the_same_bytes(tmp_path):
    some = known(HALVES, [REFERENCE])
    for name in ("a.npz", "b.npz"):
        some.save(tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    back = read_reference_logits(tmp_path / "a.npz")
    assert measure_agreement(back, TableModel(HALVES), [REFERENCE]).kl_divergence == 0.0
    assert np.array_equal(back.tokens, some.tokens) and np.array_equal(back.logits, some.logits)


def test_broken_logits_and_those_of_other_questions_are_refused(tmp_path):
    known(HALVES, [REFERENCE]).save(tmp_path / "whole.npz")
    whole = (tmp_path / "whole.npz").read_bytes()
    for content in (b"", b"PK", whole[: len(whole) // 2]):
        (tmp_path / "cut.npz").write_bytes(content)
        with pytest.raises(UserError, match=r"cut\.npz: broken"):
            read_reference_logits(tmp_path / "cut.npz")
    with pytest.raises(UserError, match="2 tokens, the reference answers have 4"):
        measure_agreement(known(HALVES, [REFERENCE]), TableModel(HALVES), [REFERENCE, REFERENCE])
