"""Metric `numeric_match`: the last number of the answer is the last number of the reference."""

import re
from decimal import Decimal
from typing import NamedTuple

# NFKC would be too much here: it turns the exponent of 25m² into a digit, and the full-width comma, which
# separates the items of a list, into a separator of thousands.
FULL_WIDTH = str.maketrans("－−＋．％", "--+.%")

NUMBER = re.compile(
    r"""
    (?: (?<![A-Za-z\d_)]) (?P<sign>[-+]) )?      # the minus of 10-3 or (2)-3 is no sign
    (?<![A-Za-z\d_]) (?<!\d\.)                   # the 2 of m2 is no number
    (?P<digits>
        (?: \d{1,3} (?:,\d{3})+ (?!\d) | \d+ )   # 1,000 or 1000
        (?: \.\d+ )?
      | (?<![\w.]) \.\d+                         # .5
    )
    \s* (?P<percent>%)?
    """,
    re.VERBOSE,
)


class Number(NamedTuple):
    """A number as it is written, and what it is worth: 50% is written 50 and worth 0.5."""

    written: Decimal
    worth: Decimal


def score(answer: str, reference: str) -> float | None:
    """Return 1.0 when the last numbers are equal, else 0.0; None when the reference holds no number.

    A percent sign counts as a unit, which either side may leave out: 50% equals 50 and 0.5.
    """
    expected, found = last_number(reference), last_number(answer)
    if expected is None:
        return None
    return float(found is not None and (found.written == expected.written or found.worth == expected.worth))


def last_number(text: str) -> Number | None:
    """Return the last number in a text, exactly, or None; digits of any width, Chinese text may touch it."""
    matches = list(NUMBER.finditer(text.translate(FULL_WIDTH)))
    if not matches:
        return None
    digits = (matches[-1]["sign"] or "") + matches[-1]["digits"].replace(",", "")
    return Number(Decimal(digits), Decimal(f"{digits}E-2" if matches[-1]["percent"] else digits))
