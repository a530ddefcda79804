"""Training speed under each way for OpenMP's threads to wait, alone and beside busy processes.

Run: python benchmarks/waiting_threads.py [ROUNDS [BUSY PROCESSES ...]]. The ways take turns, so that other load hits
all of them.
"""

import os
import subprocess
import sys
import time
from statistics import median

from belle.libraries.block_imports import block_imports

WAYS = {
    "sleep at once": {"OMP_WAIT_POLICY": "PASSIVE"},
    "spin 100 times": {"GOMP_SPINCOUNT": "100"},
    "spin 1,000 times": {"GOMP_SPINCOUNT": "1000"},
    "spin 10,000 times": {"GOMP_SPINCOUNT": "10000"},
    "libgomp's own": {},
}
TOKENS, WARM_UP, SECONDS = 512, 3, 3.0
BUSY = [sys.executable, "-c", "while True: pass"]


def train() -> None:
    """Print the tokens per second of optimizer steps on a model of the mini model's shape."""
    block_imports("gptqmodel", "torchao", "deepspeed")
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=4096, hidden_size=192, intermediate_size=512, num_hidden_layers=4, num_attention_heads=6
    )
    model = LlamaForCausalLM(config)
    optimizer = torch.optim.AdamW(model.parameters())
    ids = torch.randint(4096, (4, TOKENS // 4))
    steps, begin = -WARM_UP, time.perf_counter()
    while time.perf_counter() - begin < SECONDS or steps < 1:
        if steps == 0:
            begin = time.perf_counter()
        model(input_ids=ids, labels=ids).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        steps += 1
    print(steps * TOKENS / (time.perf_counter() - begin))


def tokens_per_second(way: dict[str, str], busy: int) -> float:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OMP", "GOMP"))}
    others = [subprocess.Popen(BUSY) for _ in range(busy)]
    try:
        return float(subprocess.check_output([sys.executable, __file__, "train"], env=kept | way))
    finally:
        for other in others:
            other.kill()
            other.wait()


def main(rounds: int = 5, *others: int) -> None:
    for busy in others or (0, 1, 2):
        found: dict[str, list[float]] = {name: [] for name in WAYS}
        for _ in range(rounds):
            for name, way in WAYS.items():
                found[name].append(tokens_per_second(way, busy))
        print(f"beside {busy} busy processes: tokens/s, median (lowest to highest), load {os.getloadavg()[0]:.1f}")
        for name, values in found.items():
            print(f"  {name}: {median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})", flush=True)


if __name__ == "__main__":
    train() if sys.argv[1:] == ["train"] else main(*map(int, sys.argv[1:]))
