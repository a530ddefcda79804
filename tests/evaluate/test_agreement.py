import math
import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest

from belle.errors import UserError
from belle.evaluate import agreement
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


@pytest.mark.parametrize(("kept", "most_bytes"), [(1, 0), (5, 5 * 8 * 20), (5, 6 * 8 * 20 - 1), (50, 10**6)])
def test_the_most_probable_tokens_are_kept_however_many_there_is_room_for(kept, most_bytes):
    table = np.random.default_rng(2).dirichlet(np.ones(50), 50)
    some = known(table, [encoded([*range(20), 0], [False] + [True] * 20)], most_bytes=most_bytes)
    best = np.sort(np.argsort(-table[:20], axis=1)[:, :kept], axis=1)
    assert np.array_equal(some.tokens, best)
    assert np.allclose(np.exp(some.logits - some.normalizers[:, None]), np.take_along_axis(table[:20], best, axis=1))


@pytest.mark.parametrize(("vocabulary", "kind"), [(1 << 16, np.uint16), ((1 << 16) + 1, np.uint32)])
def test_the_ids_of_a_large_vocabulary_fit(vocabulary, kind):
    model = SimpleNamespace(logits=lambda ids: np.eye(2, vocabulary, vocabulary - 2, dtype=np.float32))
    reference = encoded([0, vocabulary - 2], [False, True])
    some = reference_logits(model, [reference], most_bytes=8)
    assert (some.tokens.dtype, some.tokens.tolist()) == (kind, [[vocabulary - 2]])
    assert measure_agreement(some, model, [reference]).top1_agreement == 1.0


def test_the_memory_for_a_long_answer_and_a_large_vocabulary_is_little_more_than_its_logits():
    positions, vocabulary = 3001, 4000
    logits = np.random.default_rng(1).normal(size=(positions, vocabulary)).astype(np.float32)
    model = SimpleNamespace(logits=lambda ids: logits)
    references = [encoded([0] * positions, [False] + [True] * (positions - 1))]
    tracemalloc.start()
    kept = reference_logits(model, references, most_bytes=10 * 8 * positions)
    found = measure_agreement(kept, model, references)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.top1_agreement == 1.0 and abs(found.kl_divergence) < 1e-6
    assert peak < 2 * logits.nbytes


def test_the_end_of_a_file_of_logits_belongs_to_the_last_reference(monkeypatch):
    """Positions are counted over references and over what is computed at once."""
    references = [encoded([0, 1] * 4, [False] + [True] * 7), encoded([2, 1, 2], [False, False, True])]
    whole = measure_agreement(known(HALVES, references), TableModel(OTHER), references)
    monkeypatch.setattr(agreement, "POSITIONS_AT_ONCE", 3)
    assert measure_agreement(known(HALVES, references), TableModel(OTHER), references) == whole
    last = references[1:]
    alone = measure_agreement(known(HALVES, last), TableModel(OTHER), last)
    first = measure_agreement(known(HALVES, references[:1]), TableModel(OTHER), references[:1])
    assert whole.kl_divergence == pytest.approx((7 * first.kl_divergence + alone.kl_divergence) / 8, abs=2e-6)
