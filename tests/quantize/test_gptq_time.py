import re

import pytest

from belle.quantize.gptq_time import slow_notice


@pytest.mark.parametrize(
    ("weights", "tokens", "time"),
    [(450_000_000, 16_000, "20 minutes"), (6_500_000_000, 4_000, "3 hours"), (6_500_000_000, 66_000, "14 hours")],
)
def test_a_large_model_is_announced_in_one_line_with_its_time_and_what_to_do(weights, tokens, time):
    notice = slow_notice(weights, tokens)
    assert re.match(rf"note: .*about {time} .*GPU.*quantize\.schemes", notice)
    assert "\n" not in notice


def test_the_mini_model_is_not_worth_a_line():
    assert slow_notice(1_179_648, 4_157) is None
