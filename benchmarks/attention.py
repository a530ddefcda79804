"""Attention over packed rows on CPU, forward and backward: runs of segments, one block mask, padded segments.

Run: OMP_NUM_THREADS=1 .venv/bin/python benchmarks/attention.py [TOKENS] [MEAN_LENGTH]
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from belle.train.attention import _causal, _masked, _per_segment

HEADS, KEY_HEADS, WIDTH = 8, 4, 32
SCALING = WIDTH**-0.5
ROUNDS = 5
Tensors = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def lengths_of(tokens: int, mean: int) -> list[int]:
    """Segment lengths spread evenly between half and one and a half of the mean, in order as the collator puts them."""
    drawn = np.random.default_rng(0).integers(mean // 2, mean * 3 // 2 + 1, 2 * tokens // mean + 1)
    kept = drawn[np.cumsum(drawn) <= tokens]
    return sorted(kept.tolist())


def padded(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, starts: torch.Tensor, scaling: float
) -> torch.Tensor:
    """Every segment on a line of its own, as long as the longest."""
    lengths = starts.diff().tolist()
    lines = (
        pad_sequence(tensor[0].transpose(0, 1).split(lengths), batch_first=True).transpose(1, 2)
        for tensor in (query, key, value)
    )
    output = _causal(*lines, scaling=scaling, is_causal=True)
    return torch.cat([line[:, :length] for line, length in zip(output, lengths, strict=True)], dim=1)[None]


def measure(
    way: Callable[..., torch.Tensor], tensors: Tensors, starts: torch.Tensor
) -> tuple[float, list[torch.Tensor]]:
    """Least processor seconds of a round, which other load disturbs less than the clock, and the results."""
    rounds = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        output = way(*tensors, starts, SCALING)
        results = [output, *torch.autograd.grad(output.square().sum(), tensors)]
        rounds.append(time.process_time() - begin)
    return min(rounds), results


def main(tokens: int = 2048, mean: int = 190) -> None:
    lengths = lengths_of(tokens, mean)
    starts = torch.tensor([0, *lengths]).cumsum(0).int()
    tensors = tuple(
        torch.randn(1, sum(lengths), heads, WIDTH).transpose(1, 2).requires_grad_()
        for heads in (HEADS, KEY_HEADS, KEY_HEADS)
    )
    print(
        f"{sum(lengths)} tokens, {len(lengths)} segments of {len(set(lengths))} lengths, "
        f"{torch.get_num_threads()} threads"
    )
    fastest, expected = measure(_per_segment, tensors, starts)
    for name, way in (("runs", _per_segment), ("padded", padded), ("block mask", _masked)):
        seconds, results = measure(way, tensors, starts)
        error = max(((one - other).norm() / other.norm()).item() for one, other in zip(results, expected, strict=True))
        print(f"{name:12} {seconds * 1e3:8.1f} ms  {seconds / fastest:6.1f} x  relative difference {error:.0e}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
