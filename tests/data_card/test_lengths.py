import numpy as np
import pytest

from belle.data_card.lengths import QUANTILES, Lengths, bin_borders, span


@pytest.fixture(params=range(5))
def values(request) -> np.ndarray:
    random = np.random.default_rng(request.param)
    return random.integers(0, 10 ** random.integers(1, 5), size=random.integers(1, 400))


def test_quantiles_are_those_of_all_lengths_although_they_came_in_parts(values):
    lengths = Lengths()
    for part in np.array_split(values, 3):
        lengths.add(part)
    expected = np.quantile(values, QUANTILES, method="inverted_cdf")
    assert list(lengths.quantiles().values()) == expected.tolist()


def test_every_length_is_in_one_bin_and_the_last_bin_holds_the_longest(values):
    lengths = Lengths()
    lengths.add(values)
    bins = lengths.histogram()
    assert [one["count"] for one in bins] == [
        int(((values >= one["from"]) & (values <= one["to"])).sum()) for one in bins
    ]
    assert sum(one["count"] for one in bins) == len(values)
    assert bins[-1]["from"] <= values.max() <= bins[-1]["to"]


def test_bins_begin_at_one_two_five():
    assert bin_borders(0) == [0, 1]
    assert bin_borders(9) == [0, 1, 2, 5, 10]
    assert bin_borders(10) == [0, 1, 2, 5, 10, 20]


def test_a_bin_of_one_length_is_one_number():
    assert span({"from": 1, "to": 1}) == "1"
    assert span({"from": 1000, "to": 1999}) == "1,000–1,999"
