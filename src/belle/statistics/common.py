"""The questions that two choices both have scores of."""

import numpy as np


def matched(a: np.ndarray, b: np.ndarray, paired: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores that count, float64 [seeds, questions], NaN = unscored; [questions] is one seed.

    With `paired` seeds a score without its partner says nothing of the difference of the two, and is left out.

    Raises:
        ValueError: pairs of seeds that do not pair.
    """
    a, b = np.atleast_2d(np.asarray(a, np.float64)), np.atleast_2d(np.asarray(b, np.float64))
    if not paired:
        return a, b
    if len(a) != len(b):
        raise ValueError(f"paired seeds: {len(a)} on one side, {len(b)} on the other")
    return np.where(np.isnan(b), np.nan, a), np.where(np.isnan(a), np.nan, b)


def common_questions(a: np.ndarray, b: np.ndarray, paired: bool) -> np.ndarray:
    """Return which questions both have scores of, bool [questions]; the arguments are those of `matched`."""
    a, b = matched(a, b, paired)
    return np.asarray(~(np.isnan(a).all(axis=0) | np.isnan(b).all(axis=0)))


def on_questions(scores: np.ndarray, common: np.ndarray) -> np.ndarray:
    """Return the scores of some questions, float64 [seeds, questions], of the seeds that have one of them."""
    chosen = scores[:, common]
    return np.asarray(chosen[~np.isnan(chosen).all(axis=1)])
