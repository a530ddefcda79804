import pytest

from belle.statistics.multiple import holm


@pytest.mark.parametrize(
    ("p", "adjusted"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.5, 0.6], [1.0, 1.0]),
        ([0.04], [0.04]),
        ([0.02, 0.02], [0.04, 0.04]),
        ([], []),
    ],
)
def test_holm(p, adjusted):
    assert holm(p) == pytest.approx(adjusted)


def test_the_smallest_is_bonferroni_and_no_order_is_turned():
    p = [0.2, 0.001, 0.03, 0.011, 0.5]
    found = holm(p)
    assert found[1] == pytest.approx(5 * 0.001)
    assert sorted(range(5), key=found.__getitem__) == sorted(range(5), key=p.__getitem__)
