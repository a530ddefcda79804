"""Measure how far a quantized model is from the unquantized one, over the reference answers."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from belle.evaluate.backends.backend import Backend
from belle.progress import progress
from belle.tokenizer.encode import Encoded

DIGITS = 6


@dataclass(frozen=True)
class Agreement:
    """Means over the tokens of the reference answers, their end tokens included.

    Attributes:
        kl_divergence: Kullback-Leibler divergence KL(unquantized || quantized), in nats.
        top1_agreement: fraction of tokens where both models give the same token the highest probability.
    """

    kl_divergence: float
    top1_agreement: float


def measure_agreement(unquantized: Backend, quantized: Backend, references: list[Encoded]) -> Agreement:
    """Compare two models' next-token distributions, exact over the whole vocabulary, with teacher forcing.

    Args:
        unquantized: the reference model.
        quantized: the model compared with it.
        references: conversations; the tokens in their loss masks are the ones predicted. At least one.
    """
    divergences: list[np.ndarray] = []
    same: list[np.ndarray] = []
    with progress("comparing with the unquantized model", len(references), "answers") as bar:
        for reference in references:
            ids = reference.ids.tolist()
            # the logits after a token predict the next one
            wanted = np.flatnonzero(reference.loss_mask[1:])
            p, q = (log_softmax(model.logits(ids)[wanted]) for model in (unquantized, quantized))
            divergences.append((np.exp(p) * (p - q)).sum(axis=1))
            same.append(p.argmax(axis=1) == q.argmax(axis=1))
            bar.advance()
    return Agreement(_mean(divergences), _mean(same))


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return the natural logarithm of the softmax over the last axis: float64, same shape."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _mean(parts: Iterable[np.ndarray]) -> float:
    return round(float(np.concatenate(list(parts)).mean()), DIGITS)
