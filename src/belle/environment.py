"""What an experiment ran on: package versions, processor, accelerator. No result depends on it."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "torch", "transformers", "peft", "accelerate", "deepspeed", "bitsandbytes", "datasets", "tokenizers", "numpy",
    "daft", "gptqmodel", "llama-cpp-python", "gguf", "dvc", "dvclive",
)  # fmt: skip
INSTRUCTION_SETS = ("avx2", "avx512f", "avx512_bf16", "amx_tile")


def environment() -> dict[str, str]:
    """Return names and versions, in a fixed order; no host name, path or date."""
    processor, flags = _processor()
    return {
        "python": platform.python_version(),
        **{package: _version(package) for package in PACKAGES},
        "processor": processor,
        "instruction_sets": " ".join(name for name in INSTRUCTION_SETS if name in flags),
        "cores": str(len(os.sched_getaffinity(0))),
        "accelerator": accelerator() or "none",
    }


def accelerator() -> str | None:
    """Return the name of the first GPU that torch sees; None without one, or when the process uses no torch."""
    torch = sys.modules.get("torch")
    return torch.cuda.get_device_name(0) if torch is not None and torch.cuda.is_available() else None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> tuple[str, set[str]]:
    """Return model name and feature flags from Linux's /proc/cpuinfo; the machine type elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine(), set()
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return fields.get("model name", platform.machine()), set(fields.get("flags", "").split())
