import pytest

from belle.score.metrics.numeric_match import score


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("3/2", "1/2"),
        (r"\frac{3}{2}", r"\frac{1}{2}"),
        ("3:2", "1:2"),
        ("1:2:3", "1:2:4"),
        ("2×10^8", "5×10^8"),
        ("3^10", "2^10"),
        ("2.5e10", "2.5"),
        ("1e-5", "5"),
        ("5π", "5"),
        ("π/4", "4"),
        ("√3", "3"),
        ("2√3", "2"),
        ("3x", "3"),
        ("3x+5", "5"),
        ("5+3π", "3π"),
        ("45-13", "13"),
        ("3~5", "5"),
        ("2^n", "2"),
        ("2^0.5", "1"),
        ("2^0.5", "2^0.7"),
        ("100万", "100"),
        ("100k", "100"),
        ("0.5%", "0.5"),
        ("50", "50%"),
        ("-3", "3"),
        ("0.1", "0.10000000000000000001"),
        ("不知道", "12"),
        ("", "12"),
    ],
)
def test_other_numbers_are_wrong(answer, reference):
    assert score(answer, reference) == score(reference, reference) - 1 == 0.0


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("0.5", "1/2"),
        ("50%", "0.5"),
        ("三十", "30"),
        ("五", "5"),
        ("1，000", "1000"),
        ("得 - 3", "-3"),
        ("- 3", "-3"),
        ("12.0", "12"),
        ("1,000 元", "1000"),
        ("5π厘米", r"5\pi"),
        ("4:6", "2：3"),
        ("一共三十只。", "30只"),
        ("9^9^9", "9^9^9"),
        ("3:0", "3：0"),
        ("先算3+4=7，再乘2得14，所以是14。", "14"),
        (r"There are 3 steps. \boxed{\frac{1}{2}}", "0.5"),
    ],
)
def test_the_same_number_is_right_however_it_is_written(answer, reference):
    assert score(answer, reference) == 1.0


@pytest.mark.parametrize("reference", ["", "无", "π", "这是一个问题", "第三", "三角形的面积"])
def test_a_reference_without_a_number_is_unscored(reference):
    assert score("12", reference) is score("", reference) is None
