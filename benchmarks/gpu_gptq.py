"""GPTQ on a GPU: seconds and memory of quantizing a random LLaMA of 1.3B, then its answers beside the unquantized ones.

Weights are random, so agreement says that the kernels compute what was quantized, not how good an answer is.

Run: .venv/bin/python benchmarks/gpu_gptq.py [RESULT.json]
     .venv/bin/python benchmarks/gpu_gptq.py --dry   (the same program on a processor, with a tiny model)
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from belle.config.quantize import GptqParams
from belle.environment import environment
from belle.libraries.gptqmodel_import import import_gptqmodel

import_gptqmodel()

import torch

from belle.config.decoding import DecodingProfile
from belle.evaluate.backends.backend import Backend, Prompt
from belle.evaluate.backends.decoding import Decoding
from belle.evaluate.backends.gptq import load_gptq
from belle.evaluate.backends.hugging_face import load_unquantized
from belle.evaluate.end_tokens import end_tokens
from belle.quantize.gptq import quantize_gptq
from belle.tokenizer.load import load_tokenizer
from estimate import Case, model_profile, write_model

PROMPTS, PROMPT_TOKENS, NEW_TOKENS = 32, 64, 64


def main(arguments: list[str]) -> None:
    dry = arguments[:1] == ["--dry"]
    case = Case("tiny" if dry else "1.3B", "ft", 512)
    random = np.random.default_rng(0)
    vocabulary = model_profile(case).vocab_size
    samples = random.integers(0, vocabulary, (8, 128) if dry else (512, 512)).tolist()
    prompts = random.integers(0, vocabulary, (4, 16) if dry else (PROMPTS, PROMPT_TOKENS)).tolist()
    with TemporaryDirectory() as name:
        result = measure(case, Path(name), samples, prompts, NEW_TOKENS if not dry else 4)
    print(json.dumps(result))
    if arguments and not dry:
        Path(arguments[0]).write_text(json.dumps(result | {"environment": environment()}, indent=2) + "\n")


def measure(
    case: Case, folder: Path, samples: list[list[int]], prompts: list[list[int]], new_tokens: int
) -> dict[str, Any]:
    """Return times, sizes and agreement."""
    base, quantized = folder / "model", folder / "gptq"
    write_model(model_profile(case), base)
    quantized.mkdir()
    start = time.perf_counter()
    quantize_gptq(base, 4, GptqParams(group_size=64, act_order=False), samples, quantized)
    seconds = time.perf_counter() - start
    peak = torch.cuda.max_memory_allocated() if torch.cuda.is_available() else None
    ends = end_tokens(base, load_tokenizer(base))
    full = answers(load_unquantized(base, len(prompts), prompts[0]), prompts, new_tokens, ends)
    small = answers(load_gptq(quantized, len(prompts)), prompts, new_tokens, ends)
    return {
        "model": case.size,
        "calibration_tokens": sum(map(len, samples)),
        "quantize_seconds": round(seconds, 1),
        "quantize_peak_gb": None if peak is None else round(peak / 1e9, 2),
        "size_mb": round(sum(path.stat().st_size for path in quantized.glob("*.safetensors")) / 1e6, 1),
        "tokens_per_second": {"unquantized": full["tokens_per_second"], "gptq-int4": small["tokens_per_second"]},
        "same_top_token": round(float((full["top"] == small["top"]).mean()), 4),
    }


def answers(model: Backend, prompts: list[list[int]], new_tokens: int, ends: Sequence[int]) -> dict[str, Any]:
    """Answer the prompts; also return the most likely token after each token of the first one."""
    greedy = DecodingProfile(temperature=0.0, top_k=None, top_p=None, repetition_penalty=1.0)
    decoding = Decoding(greedy, 0, new_tokens, ends, next_turn=None)
    start = time.perf_counter()
    found = model.generate([Prompt(str(index), ids) for index, ids in enumerate(prompts)], decoding)
    tokens = sum(len(generation.ids) for _, generation in found)
    rate = round(tokens / (time.perf_counter() - start), 1)
    return {"tokens_per_second": rate, "top": model.logits(prompts[0]).argmax(axis=-1)}


if __name__ == "__main__":
    main(sys.argv[1:])
