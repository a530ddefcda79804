"""Numbers written with digits, as exact fractions."""

from decimal import Decimal
from fractions import Fraction


def decimal(text: str) -> Fraction:
    """Return the value of digits with a point or separators of thousands, however many they are."""
    # int and Fraction refuse a text of more than 4300 digits, Decimal does not
    return Fraction(Decimal(text.replace(",", "").replace("，", "")))
