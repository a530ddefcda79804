import pytest

from belle.compare.numbers import interval, p_equals, p_value, percent, signed


@pytest.mark.parametrize(("value", "text"), [(0.1234, "+0.123"), (-0.1, "-0.100"), (0.0, "0.000"), (-0.0004, "0.000")])
def test_signed(value, text):
    assert signed(value) == text


def test_interval():
    assert interval(-0.0001, 0.25) == "0.000 to 0.250"


@pytest.mark.parametrize(("p", "text"), [(1e-9, "< 0.001"), (0.0042, "0.004"), (0.58, "0.58"), (1.0, "1.00")])
def test_p_values(p, text):
    assert p_value(p) == text
    assert p_equals(p) == ("p < 0.001" if text.startswith("<") else f"p = {text}")


def test_percent():
    assert percent(0.285) == "28 %"
