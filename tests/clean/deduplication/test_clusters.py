import numpy as np

from belle.clean.deduplication.candidates import BEST, candidate_pairs
from belle.clean.deduplication.clusters import keep_best


def kept_for(similar, candidates=None, rows=6, rank=None):
    """{dropped row: kept row} for similarities by pair; the first row is the best."""
    asked = []

    def compare(pairs):
        asked.extend(map(tuple, pairs.tolist()))
        return np.array([similar.get(tuple(pair), 0) for pair in pairs.tolist()], np.float32)

    pairs = np.array(candidates or sorted(similar), np.int64).reshape(-1, 2)
    matches = keep_best(pairs, np.arange(rows) if rank is None else np.array(rank), compare, 0.8)
    assert len(asked) == len(set(asked)), "a pair was compared twice"
    return dict(zip(matches.rows.tolist(), matches.kept.tolist(), strict=True))


def test_the_best_row_is_kept_and_the_nearest_kept_row_named():
    assert kept_for({(0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.95}) == {1: 0, 2: 0}
    assert kept_for({(0, 2): 0.85, (1, 2): 0.9}) == {2: 1}
    assert kept_for({(0, 1): 0.79}) == {}
    assert kept_for({(1, 0): 0.9}, rank=[1, 0, 2, 3, 4, 5]) == {0: 1}


def test_a_row_near_to_a_dropped_one_only_is_kept():
    assert kept_for({(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.7}) == {1: 0}
    assert kept_for({(0, 1): 0.9, (1, 2): 0.9, (2, 3): 0.9}) == {1: 0, 3: 2}


def test_a_row_is_compared_with_what_its_neighbor_was_dropped_for():
    similar = {(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.85}
    assert kept_for(similar, candidates=[(0, 1), (1, 2)]) == {1: 0, 2: 0}


def test_no_pair_drops_nothing():
    assert kept_for({}) == {}


def test_rows_that_share_a_band_are_candidates_once_the_better_first():
    bands = [np.array([5, 6, 5, 7, 6], np.uint64), np.array([1, 2, 1, 3, 3], np.uint64)]
    assert candidate_pairs(bands, np.array([4, 3, 2, 1, 0])).tolist() == [[4, 3], [4, 1], [2, 0]]
    assert candidate_pairs(bands, np.array([0, 3, 1])).tolist() == []
    assert candidate_pairs(bands, np.zeros(0, np.int64)).tolist() == []


def test_in_a_large_bucket_rows_are_compared_with_the_best_ones():
    pairs = candidate_pairs([np.zeros(1000, np.uint64)], np.arange(1000)).tolist()
    assert {better for better, _ in pairs} == set(range(BEST))
    assert {worse for _, worse in pairs} == set(range(1, 1000))
