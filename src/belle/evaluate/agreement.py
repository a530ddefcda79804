"""How far a quantized model is from the unquantized one, over the reference answers.

The unquantized model's logits are computed once and kept in a file; no stage has two models in memory. Their size is
bounded: of each position the most probable tokens are kept, so many that the file has at most about `MOST_BYTES`. Of
mini's vocabulary all are, and the divergence is exact. Where tokens are left out they count as one together, which
makes it a little too small (log sum inequality): docs/generation.md has figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from belle.errors import UserError
from belle.evaluate.backends.backend import Backend
from belle.progress import progress
from belle.tokenizer.encode import Encoded

DIGITS = 6
MOST_BYTES = 256 * 10**6
BYTES_PER_TOKEN = 8
"""An id and a logit, at most."""
POSITIONS_AT_ONCE = 256
"""What is computed from logits is in float64, several times: of a large vocabulary a megabyte per position and time."""
REFERENCE_LOGITS = "reference_logits.npz"


@dataclass(frozen=True)
class ReferenceLogits:
    """What the unquantized model predicts at the tokens of the reference answers, their end tokens included.

    Attributes:
        tokens: ids of those that are kept, ascending: uint16 or uint32 [positions, kept].
        logits: of these: float32 [positions, kept].
        normalizers: logarithm of the sum of the exponentials of all logits: float64 [positions].
    """

    tokens: np.ndarray
    logits: np.ndarray
    normalizers: np.ndarray

    def save(self, path: Path) -> None:
        """Write the three arrays."""
        np.savez(path, tokens=self.tokens, logits=self.logits, normalizers=self.normalizers)


def read_reference_logits(path: Path) -> ReferenceLogits:
    """Read what `ReferenceLogits.save` wrote.

    Raises:
        UserError: the file is broken.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return ReferenceLogits(arrays["tokens"], arrays["logits"], arrays["normalizers"])
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise UserError(f"{path}: broken or cut off ({error}); run `dvc repro generate` again") from None


@dataclass(frozen=True)
class Agreement:
    """Means over the tokens of the reference answers, their end tokens included.

    Attributes:
        kl_divergence: Kullback-Leibler divergence KL(unquantized || quantized), in nats.
        top1_agreement: fraction of tokens where both models give the same token the highest probability.
    """

    kl_divergence: float
    top1_agreement: float


def reference_logits(unquantized: Backend, references: list[Encoded], most_bytes: int = MOST_BYTES) -> ReferenceLogits:
    """Compute what is kept of the unquantized model, with teacher forcing.

    Args:
        unquantized: the reference model.
        references: conversations; the tokens in their loss masks are the ones predicted. At least one.
        most_bytes: about the size of the result.
    """
    positions = sum(int(reference.loss_mask[1:].sum()) for reference in references)
    most = max(1, most_bytes // (positions * BYTES_PER_TOKEN))
    kept = [_kept(logits, most) for logits in _predictions(unquantized, references, "reference answers")]
    return ReferenceLogits(*(np.concatenate(parts) for parts in zip(*kept, strict=True)))


def measure_agreement(unquantized: ReferenceLogits, quantized: Backend, references: list[Encoded]) -> Agreement:
    """Compare two models' next-token distributions, with teacher forcing.

    Args:
        unquantized: what is kept of the reference model.
        quantized: the model compared with it.
        references: the same conversations.

    Raises:
        UserError: they have another number of tokens.
    """
    positions = sum(int(reference.loss_mask[1:].sum()) for reference in references)
    if positions != len(unquantized.normalizers):
        raise UserError(
            f"{REFERENCE_LOGITS}: it holds {len(unquantized.normalizers)} tokens, the reference answers have "
            f"{positions}; run `dvc repro generate` again"
        )
    divergences: list[np.ndarray] = []
    same: list[np.ndarray] = []
    end = 0
    for logits in _predictions(quantized, references, "comparing with the unquantized model"):
        begin, end = end, end + len(logits)
        tokens, known = unquantized.tokens[begin:end].astype(np.int64), unquantized.logits[begin:end]
        p = known.astype(np.float64) - unquantized.normalizers[begin:end, None]
        q = np.take_along_axis(log_softmax(logits), tokens, axis=1)
        divergence = (np.exp(p) * (p - q)).sum(axis=1)
        divergences.append(divergence + _rest(p, q) if tokens.shape[1] < logits.shape[1] else divergence)
        best = np.take_along_axis(tokens, known.argmax(axis=1)[:, None], axis=1)[:, 0]
        same.append(best == logits.argmax(axis=1))
    return Agreement(_mean(divergences), _mean(same))


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return the natural logarithm of the softmax over the last axis: float64, same shape."""
    return logits.astype(np.float64) - _normalizers(logits)[..., None]


def _normalizers(logits: np.ndarray) -> np.ndarray:
    """Return the logarithm of the sum of exponentials over the last axis: float64."""
    most = logits.max(axis=-1).astype(np.float64)
    return most + np.log(np.exp(logits.astype(np.float64) - most[..., None]).sum(axis=-1))


def _predictions(model: Backend, references: list[Encoded], description: str) -> Iterator[np.ndarray]:
    """Yield the logits that predict the tokens in all references' loss, in order: float32 [tokens, vocabulary]."""
    with progress(description, len(references), "answers") as bar:
        for reference in references:
            # the logits after a token predict the next one
            logits = model.logits(reference.ids.tolist())[np.flatnonzero(reference.loss_mask[1:])]
            for start in range(0, len(logits), POSITIONS_AT_ONCE):
                yield logits[start : start + POSITIONS_AT_ONCE]
            bar.advance()


def _kept(logits: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return tokens, logits and normalizers of some positions, as in `ReferenceLogits`."""
    vocabulary = logits.shape[1]
    if most < vocabulary:
        tokens = np.sort(np.argpartition(-logits, most - 1, axis=1)[:, :most], axis=1)
    else:
        tokens = np.broadcast_to(np.arange(vocabulary), logits.shape)
    known = np.take_along_axis(logits, tokens, axis=1)
    return tokens.astype(np.uint16 if vocabulary <= 1 << 16 else np.uint32), known, _normalizers(logits)


def _rest(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return what the tokens that were not kept add to the divergence, taken as one together: float64 [positions]."""
    # rounding may leave nothing, or less
    rest_p, rest_q = (np.maximum(1 - np.exp(one).sum(axis=1), np.finfo(np.float64).tiny) for one in (p, q))
    return rest_p * np.log(rest_p / rest_q)


def _mean(parts: list[np.ndarray]) -> float:
    return round(float(np.concatenate(parts).mean()), DIGITS)
