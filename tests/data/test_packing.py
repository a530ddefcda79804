import numpy as np
import pytest

from belle.data.packing import pack, packing_order


@pytest.mark.parametrize(
    ("lengths", "capacity", "sequences"),
    [
        ([], 8, []),
        ([8], 8, [[0]]),
        ([5, 3], 8, [[0, 1]]),
        ([5, 6, 2, 3], 8, [[0, 3], [1, 2]]),
        ([6, 5, 3, 2], 8, [[0, 3], [1, 2]]),
        ([4, 4, 4], 8, [[0, 1], [2]]),
    ],
)
def test_each_item_goes_into_the_fullest_sequence_that_holds_it(lengths, capacity, sequences):
    assert pack(lengths, capacity) == sequences


def best_fit_by_search(lengths: list[int], capacity: int) -> list[list[int]]:
    """Best fit without an index: the least free space that is enough, among equals the sequence filled last."""
    sequences: list[list[int]] = []
    free: list[tuple[int, int]] = []
    for item, length in enumerate(lengths):
        fitting = [(space, -filled, index) for index, (space, filled) in enumerate(free) if space >= length]
        if fitting:
            _, _, index = min(fitting)
            sequences[index].append(item)
            free[index] = (free[index][0] - length, item)
        else:
            sequences.append([item])
            free.append((capacity - length, item))
    return sequences


@pytest.mark.parametrize("seed", range(5))
def test_the_index_of_free_space_finds_what_a_search_finds(seed):
    lengths = np.random.default_rng(seed).integers(1, 65, 300).tolist()
    assert pack(lengths, 64) == best_fit_by_search(lengths, 64)


@pytest.mark.parametrize("length", [0, 9, -1])
def test_items_that_fit_no_sequence_are_refused(length):
    with pytest.raises(ValueError, match=f"item 1 has {length} tokens.* 1 to 8"):
        pack([3, length], 8)


def test_the_order_is_a_seeded_permutation_with_long_items_first():
    lengths = np.random.default_rng(0).integers(1, 65, 300)
    order = packing_order(lengths, 64, seed=3)
    assert sorted(order) == list(range(300))
    long = int((lengths >= 16).sum())
    assert (np.diff(lengths[order[:long]]) <= 0).all()
    assert (lengths[order[long:]] < 16).all()
    assert order.tolist() == packing_order(lengths, 64, seed=3).tolist() != packing_order(lengths, 64, 4).tolist()


def test_sequences_are_full():
    lengths = np.random.default_rng(0).integers(20, 200, 3000)
    order = packing_order(lengths, 512, seed=1)
    sequences = pack((int(length) for length in lengths[order]), 512)
    assert lengths.sum() / (len(sequences) * 512) > 0.98
