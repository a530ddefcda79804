"""How systems differ, and how far scorers agree."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """System `system` minus the first one, by one scorer, over questions scored on both sides.

    Attributes:
        system: index of the system.
        category: None for the macro score.
        adjusted: p-value, two-sided, by Holm over the pairs, or over the categories of a pair.
        detectable: the smallest difference that would probably have been seen.
        comparable: False: a difference may come from how the two were scored, and says nothing of them.
        equal_within: margin that the difference is within; None where it is not, or where nobody asks.
    """

    system: int
    scorer: str
    category: str | None
    estimate: float
    low: float
    high: float
    adjusted: float
    wins: int
    ties: int
    losses: int
    n: int
    detectable: float
    comparable: bool
    equal_within: float | None


@dataclass(frozen=True)
class Agreement:
    """How far two scorers agree over the answers that both have scored; None when undefined.

    Attributes:
        second: None: the first scorer again, over what was scored twice.
        system: index of the system whose answers these are; None: the different answers of all.
        low: lower bound of the 95 % interval of alpha.
        high: upper bound.
        bias: mean of the first less the second.
        distance: mean absolute difference.
    """

    first: str
    second: str | None
    system: int | None
    n: int
    alpha: float | None
    low: float | None
    high: float | None
    kappa: float | None
    spearman: float | None
    bias: float | None
    distance: float | None
