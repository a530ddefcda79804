"""Training on a GPU: tokens per second, use of the card's arithmetic, and peak memory beside `belle estimate`'s.

Random LLaMA models of 1.3B and 7B, bf16, sequences of 2,048 tokens, through the project's own training code.
Utilization is model operations (6 per weight and token, 4 when weights are frozen, and attention's own; none for what
checkpointing computes again) over those of a bf16 matrix product measured on the same card.

Run: .venv/bin/python benchmarks/gpu.py [RESULT.json]
     .venv/bin/python benchmarks/gpu.py --dry   (the same program on a processor, with tiny models)
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from belle.environment import environment
from belle.estimate.estimate import device_memory
from belle.estimate.memory import training_memory
from belle.estimate.model_size import model_size
from belle.estimate.stages import training_of, what_is_trained
from belle.estimate.tokens import Tokens
from belle.estimate.work import operations_per_token
from estimate import Case, hardware_profile, model_profile, prepared, result_of, train_params

CASES = [
    Case("1.3B", "ft", 2048, True, "bf16", 4, device="cuda"),
    Case("1.3B", "lora", 2048, True, "bf16", 8, device="cuda"),
    Case("7B", "lora", 2048, True, "bf16", 2, device="cuda"),
    Case("7B", "lora", 2048, True, "bf16", 2, device="cuda", base="nf4"),
    # 16 bytes per weight: for cards of 141 GB and more
    Case("7B", "ft", 2048, True, "bf16", 1, device="cuda"),
]
DRY = [Case("tiny", method, 512, False, "bf16") for method in ("ft", "lora")]
FEW, MANY = 4, 20
"""Optimizer steps of two runs: their difference has no start in it."""


def main(arguments: list[str]) -> None:
    cases = {case.name: case for case in [*CASES, *DRY]}
    if arguments[:1] == ["--case"]:
        print(json.dumps(measure(cases[arguments[1]])))
        return
    results = []
    for case in DRY if arguments[:1] == ["--dry"] else CASES:
        if (size := estimated(case)) > device_memory(hardware_profile(case)):
            print(f"{case.name}: left out, it needs {size / 1e9:.0f} GB", flush=True)
            continue
        done = subprocess.run(
            [sys.executable, __file__, "--case", case.name], check=True, stdout=subprocess.PIPE, text=True
        )
        results.append(json.loads(done.stdout.splitlines()[-1]))
        print(json.dumps(results[-1]), flush=True)
    if arguments and arguments[0] != "--dry":
        Path(arguments[0]).write_text(json.dumps({"cases": results, "environment": environment()}, indent=2) + "\n")


def estimated(case: Case) -> float:
    """Return the bytes that a case needs on its device."""
    params, hardware, size = train_params(case), hardware_profile(case), model_size(model_profile(case))
    settings = params.lora if case.method == "lora" else params.ft
    tokens = Tokens(None, None, case.length / 4, "benchmark")
    return training_memory(training_of(size, settings, hardware, case.length, tokens)).total


def measure(case: Case) -> dict[str, Any]:
    """Return speed, utilization and memory of a case."""
    peak = matrix_rate(case.device)
    seconds = train(case, MANY) - train(case, FEW)
    tokens = (MANY - FEW) * case.micro_batch * case.accumulation * case.length / seconds
    params, hardware, size = train_params(case), hardware_profile(case), model_size(model_profile(case))
    trained = what_is_trained(size, params.lora if case.method == "lora" else params.ft, hardware)
    # attention: two products of a query with half of the keys before it, forward and twice backward
    attention = 6 * size.layers * size.hidden * case.length
    operations = operations_per_token(size, trained, checkpointing=False) + attention
    return {
        **result_of(case),
        "tokens_per_second": round(tokens),
        "matrix_teraflops": round(peak / 1e12, 2),
        "utilization": round(tokens * operations / peak, 3),
    }


def train(case: Case, steps: int) -> float:
    """Train for so many steps; return the seconds."""
    with prepared(case, model_profile(case), train_params(case), hardware_profile(case), steps) as finetune:
        start = time.perf_counter()
        finetune()
        return time.perf_counter() - start


def matrix_rate(device: str) -> float:
    """Return the operations per second of a bf16 product of square matrices, the best of five rounds."""
    width, rounds = (8192, 20) if device == "cuda" else (512, 2)
    one, other = (torch.randn(width, width, device=device, dtype=torch.bfloat16) for _ in range(2))
    seconds = []
    for _ in range(6):
        if device == "cuda":
            torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(rounds):
            product = one @ other
        product.sum().item()
        seconds.append(time.perf_counter() - start)
    return rounds * 2 * width**3 / min(seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
