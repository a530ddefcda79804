"""Numbers as people read them."""

from belle.statistics.paired import Difference


def score(value: float) -> str:
    """Return a score with three digits."""
    return f"{value:.3f}"


def signed(value: float) -> str:
    """Return a difference with its sign; 0 has none."""
    text = f"{value:+.3f}"
    return text[1:] if float(text) == 0 else text


def interval(low: float, high: float) -> str:
    """Return the bounds of an interval."""
    low_text, high_text = (text.removeprefix("-") if float(text) == 0 else text for text in (score(low), score(high)))
    return f"{low_text} to {high_text}"


def p_value(p: float) -> str:
    """Return a p-value, never as 0."""
    if p < 0.001:
        return "< 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def p_equals(p: float) -> str:
    """Return a p-value as part of a sentence."""
    return f"p {'' if p < 0.001 else '= '}{p_value(p)}"


def counted(difference: Difference) -> str:
    """Return wins, ties and losses."""
    return f"{difference.signs.wins}/{difference.signs.ties}/{difference.signs.losses}"


def percent(share: float) -> str:
    """Return a share as a percentage."""
    return f"{share:.0%}".replace("%", " %")
