"""Wins, ties and losses, and the exact sign test."""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr

TIE = 1e-9
"""Differences up to this are ties: what rounding leaves."""


@dataclass(frozen=True)
class Signs:
    """On how many questions one side is better, as good, worse.

    `p` is that of the sign test that wins and losses are as likely: for scores of 0 and 1 McNemar's, exact.
    """

    wins: int
    ties: int
    losses: int
    p: float


def signs(differences: np.ndarray) -> Signs:
    """Count the signs of differences, float64 [questions]; two-sided binomial test without the ties."""
    wins, losses = int((differences > TIE).sum()), int((differences < -TIE).sum())
    fewer, either = min(wins, losses), wins + losses
    p = min(1.0, 2 * float(bdtr(fewer, either, 0.5))) if either else 1.0
    return Signs(wins, len(differences) - either, losses, p)
