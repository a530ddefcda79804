"""`belle estimate` beside measured peaks of the real training code, on random models.

On a processor every byte that torch's allocator hands out is counted (torch.profiler); resident memory, which has the
libraries and freed pages in it, stands beside that. On a GPU it is `torch.cuda.max_memory_allocated`; without one the
cases of a GPU are estimated and their measurement is null. Each case runs in a process of its own.

Run: OMP_NUM_THREADS=2 .venv/bin/python benchmarks/estimate.py [RESULT.json]
     .venv/bin/python benchmarks/estimate.py --case NAME ...   (measures these cases in this process)
"""

import gc
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from belle.config.base import read_yaml
from belle.config.hardware import HardwareProfile
from belle.config.model import ModelDownload
from belle.config.train import TrainParams
from belle.environment import environment
from belle.estimate.memory import Memory, training_memory
from belle.estimate.model_size import configuration, model_size
from belle.estimate.stages import training_of
from belle.estimate.tokens import Tokens
from belle.libraries.block_imports import block_imports

block_imports("gptqmodel", "torchao", "deepspeed")

import torch
from torch.profiler import ProfilerActivity, profile

ROOT = Path(__file__).resolve().parents[1]
STEPS = 2
SEGMENTS = 4
"""Conversations in a packed sequence; the last quarter of each is in the loss."""


@dataclass(frozen=True)
class Case:
    """A model and a way to train it.

    Attributes:
        size: a key of `SIZES`.
        method: ft or lora.
        length: tokens of a packed sequence.
        checkpointing: gradient checkpointing.
        precision: of the hardware profile.
        micro_batch: packed sequences per forward pass.
        accumulation: forward passes per step.
        device: cpu or cuda.
        base: train.lora.base_precision.
    """

    size: str
    method: str
    length: int
    checkpointing: bool = False
    precision: str = "fp32"
    micro_batch: int = 1
    accumulation: int = 1
    device: str = "cpu"
    base: str = "hardware"

    @property
    def name(self) -> str:
        """As in `30M-lora-512-checkpointing-bf16`."""
        marks = [self.size, self.method, str(self.length), "checkpointing" * self.checkpointing, self.precision]
        return "-".join(filter(None, [*marks, "nf4" * (self.base == "nf4"), f"{self.micro_batch}x{self.accumulation}"]))


def sizes(hidden: int, inner: int, layers: int, heads: int, keys: int, vocabulary: int, tied: bool) -> dict[str, Any]:
    return {
        "hidden_size": hidden, "intermediate_size": inner, "num_hidden_layers": layers, "num_attention_heads": heads,
        "num_key_value_heads": keys, "head_dim": hidden // heads, "vocab_size": vocabulary, "tie_word_embeddings": tied,
    }  # fmt: skip


SIZES = {
    "tiny": sizes(128, 384, 3, 4, 2, 2000, True),
    "mini": sizes(256, 256, 3, 8, 4, 1536, True),
    "30M": sizes(384, 1024, 8, 6, 6, 32000, True),
    "100M": sizes(768, 2048, 12, 12, 12, 32000, True),
    "300M": sizes(1024, 2816, 20, 16, 8, 32000, False),
    "1.3B": sizes(2048, 5504, 24, 16, 16, 32000, False),
    "7B": sizes(4096, 11008, 32, 32, 32, 32000, False),
}
TINY = [Case("tiny", method, 512, checkpointing) for method in ("ft", "lora") for checkpointing in (False, True)]
CASES = [
    *(Case("mini", method, 512, ck, micro_batch=4) for method in ("ft", "lora") for ck in (False, True)),
    *(Case("30M", method, length, ck) for method in ("ft", "lora") for length in (512, 2048) for ck in (False, True)),
    Case("30M", "ft", 1024, precision="bf16", micro_batch=2),
    Case("30M", "ft", 1024, True, precision="bf16", micro_batch=2, accumulation=2),
    Case("30M", "ft", 2048, micro_batch=2),
    *(Case(size, "lora", 1024, ck, "bf16", 2) for size in ("mini", "30M") for ck in (False, True)),
    *(Case("30M", "lora", 1024, precision=precision, micro_batch=2, base="nf4") for precision in ("bf16", "fp32")),
    *(Case("100M", method, 1024, ck) for method in ("ft", "lora") for ck in (False, True)),
    Case("300M", "ft", 512, True),
    Case("300M", "lora", 512),
]
GPU_CASES = [
    Case("1.3B", "ft", 2048, True, "bf16", device="cuda"),
    Case("1.3B", "lora", 2048, False, "bf16", device="cuda"),
    Case("7B", "lora", 2048, True, "bf16", device="cuda"),
]


def main(arguments: list[str]) -> None:
    cases = {case.name: case for case in [*TINY, *CASES, *GPU_CASES]}
    if arguments[:1] == ["--case"]:
        for name in arguments[1:]:
            print(json.dumps(result_of(cases[name])), flush=True)
        return
    results = []
    for case in [*CASES, *GPU_CASES]:
        command = [sys.executable, __file__, "--case", case.name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        results.append(json.loads(done.stdout.splitlines()[-1]))
        print(line_of(results[-1]), flush=True)
    if arguments:
        Path(arguments[0]).write_text(json.dumps({"cases": results, "environment": environment()}, indent=2) + "\n")


def line_of(result: dict[str, Any]) -> str:
    measured, estimated = result["measured_mb"], result["estimated_mb"]
    error = "" if measured is None else f"{measured:9.1f}  {estimated / measured - 1:+.1%}"
    return f"{result['name']:34} {estimated:9.1f} {error}"


def result_of(case: Case) -> dict[str, Any]:
    """Estimate a case and measure it."""
    profile, params, hardware = model_profile(case), train_params(case), hardware_profile(case)
    settings = params.lora if case.method == "lora" else params.ft
    tokens = Tokens(None, None, case.length / 4, "benchmark")
    size = model_size(profile)
    memory = training_memory(training_of(size, settings, hardware, case.length, tokens))
    is_possible = case.device == "cpu" or torch.cuda.is_available()
    measured = measure(case, profile, params, hardware) if is_possible else {"measured_mb": None}
    return {"name": case.name, **asdict(case), "parameters": size.parameters, **_in_mb(memory), **measured}


def _in_mb(memory: Memory) -> dict[str, Any]:
    parts = {part: round(value / 1e6, 1) for part, value in memory.parts.items() if part != "libraries"}
    return {"estimated_mb": round(sum(parts.values()), 1), "moment": memory.moment, "parts_mb": parts}


def measure(case: Case, profile: ModelDownload, params: TrainParams, hardware: HardwareProfile) -> dict[str, Any]:
    """Train a random model for two steps through the project's own code; return its peak."""
    with prepared(case, profile, params, hardware) as train, counted(case.device) as peak:
        train()
        gc.collect()
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"measured_mb": round(peak[0] / 1e6, 1), "resident_mb": round(resident / 1e6)}


@contextmanager
def prepared(
    case: Case, profile: ModelDownload, params: TrainParams, hardware: HardwareProfile, steps: int = STEPS
) -> Iterator[Callable[[], object]]:
    """Write a random model and packed sequences; yield what trains it for so many optimizer steps."""
    from belle.train.finetune import finetune

    with TemporaryDirectory() as folder:
        root = Path(folder)
        write_model(profile, root / "model")
        write_tokens(case, profile.vocab_size, root / "tokens", root / "model", steps)
        places = [root / name for name in ("out", "logs", "checkpoints")]
        for place in places:
            place.mkdir()
        gc.collect()
        yield lambda: finetune(root / "model", root / "tokens", params, hardware, 1, *places)


@contextmanager
def counted(device: str) -> Iterator[list[int]]:
    """Yield a list that holds the peak of allocated bytes after the block."""
    peak = [0]
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
        yield peak
        peak[0] = torch.cuda.max_memory_allocated()
        return
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True, acc_events=True) as recorded:
        yield peak
    events = recorded.profiler.kineto_results.events()
    allocated = sorted((event.start_ns(), event.nbytes()) for event in events if event.name() == "[memory]")
    peak[0] = int(np.cumsum([number for _, number in allocated]).max())


def model_profile(case: Case) -> ModelDownload:
    return ModelDownload.model_validate(
        {"source": {"kind": "builtin", "name": "random"}, "architecture": "llama", "template": "belle"}
        | SIZES[case.size]
    )


def train_params(case: Case) -> TrainParams:
    values = read_yaml(ROOT / "params.yaml")["train"] | {"method": case.method}
    batch = {"epochs": 1, "batch_size": case.micro_batch * case.accumulation}
    values |= {method: values[method] | batch for method in ("ft", "lora")}
    if case.base != "hardware":
        values["lora"]["base_precision"] = case.base
    return TrainParams.model_validate(values)


def hardware_profile(case: Case) -> HardwareProfile:
    values = read_yaml(ROOT / f"configs/hardware/{'cpu' if case.device == 'cpu' else '1gpu'}.yaml")
    return HardwareProfile.model_validate(
        values
        | {
            "micro_batch_size": case.micro_batch,
            "precision": case.precision,
            "gradient_checkpointing": case.checkpointing,
            "checkpoint_minutes": 600,
        }
    )


def write_model(profile: ModelDownload, folder: Path) -> None:
    from transformers import AutoModelForCausalLM

    from belle.mini.model import train_tokenizer, write_tokenizer

    torch.manual_seed(0)
    AutoModelForCausalLM.from_config(configuration(profile)).float().save_pretrained(folder)
    write_tokenizer(train_tokenizer(iter(["你好"]), 300), folder)


def write_tokens(case: Case, vocabulary: int, folder: Path, tokenizer: Path, steps: int) -> None:
    """Write packed sequences of random tokens, for so many optimizer steps."""
    from belle.data.packed_dataset import PackedDatasetWriter

    random, segment = np.random.default_rng(0), case.length // SEGMENTS
    loss_mask = np.arange(segment) >= segment * 3 // 4
    for split, sequences in (("train", case.micro_batch * case.accumulation * steps), ("eval", 1)):
        (folder / split).mkdir(parents=True)
        with PackedDatasetWriter(folder / split, case.length, 0) as writer:
            for row in range(sequences * SEGMENTS):
                writer.add(random.integers(0, vocabulary, segment).astype(np.int32), loss_mask, row)
    (folder / "tokenizer").symlink_to(tokenizer)


if __name__ == "__main__":
    main(sys.argv[1:])
