"""Peak memory of a training step with a wide vocabulary: all logits at once, as transformers does, and ours.

Each way runs in a process of its own, forward and backward, on the same batch of a LLaMA of 256 x 2 with every token in
the loss (as in pre-training), and with one in five (as in instruction tuning). Memory is what the process adds to what
it held before the step. Prints JSON.

Run: .venv/bin/python benchmarks/loss_memory.py [VOCABULARY] [TOKENS]
"""

import json
import platform
import subprocess
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from belle.data.packed_dataset import PackedSequence
from belle.train.attention import PACKED
from belle.train.collator import FlatCollator
from belle.train.loss import chunked_loss

SEGMENT = 128
IN_LOSS = {"all": 1, "fifth": 5}
WAYS = ("plain", "ours")


def batch_of(vocabulary: int, tokens: int, every: int) -> dict[str, torch.Tensor | int]:
    ids = np.random.default_rng(0).integers(vocabulary, size=tokens).astype(np.int32)
    in_loss = np.arange(tokens) % every == 0
    lengths = np.full(tokens // SEGMENT, SEGMENT)
    return FlatCollator()([PackedSequence(ids, in_loss, lengths, np.arange(len(lengths)))])


def held() -> int:
    """Bytes of memory that this process alone holds (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) << 10


def step(way: str, vocabulary: int, tokens: int, every: int, gradients: Path) -> dict[str, float]:
    """Compute one step; write its gradients; return what it took."""
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary, hidden_size=256, intermediate_size=512, num_hidden_layers=2, num_attention_heads=8,
            max_position_embeddings=tokens, attn_implementation=PACKED,
        )
    )  # fmt: skip
    batch = batch_of(vocabulary, tokens, every)
    if way == "plain":
        del batch["logits_to_keep"], batch["shift_labels"]
    before, peak, done = held(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.001):
            peak[0] = max(peak[0], held())

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin = time.perf_counter()
    with chunked_loss(model) if way == "ours" else nullcontext():
        model(**batch, use_cache=False).loss.backward()
    seconds = time.perf_counter() - begin
    done.set()
    watcher.join()
    torch.save({name: weight.grad for name, weight in model.named_parameters()}, gradients)
    return {"peak_mb": round((peak[0] - before) / 1e6, 1), "seconds": round(seconds, 2)}


def compare(vocabulary: int, tokens: int) -> dict[str, object]:
    results: dict[str, object] = {
        "vocabulary": vocabulary, "tokens": tokens, "processor": platform.machine(), "threads": torch.get_num_threads()
    }  # fmt: skip
    with TemporaryDirectory() as scratch:
        for name, every in IN_LOSS.items():
            taken = {}
            for way in WAYS:
                command = [sys.executable, __file__, way, str(vocabulary), str(tokens), str(every), f"{scratch}/{way}"]
                taken[way] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            plain, ours = (torch.load(f"{scratch}/{way}") for way in WAYS)
            difference = max(((ours[key] - grad).norm() / grad.norm()).item() for key, grad in plain.items())
            ratio = taken["ours"]["peak_mb"] / taken["plain"]["peak_mb"]
            results[name] = {**taken, "peak_ratio": round(ratio, 3), "gradient_difference": float(f"{difference:.1e}")}
    return results


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        vocabulary, tokens, every = map(int, sys.argv[2:5])
        print(json.dumps(step(sys.argv[1], vocabulary, tokens, every, Path(sys.argv[5]))))
    else:
        print(json.dumps(compare(*map(int, sys.argv[1:3] or (32000, 4096))), indent=1))
