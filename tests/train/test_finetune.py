"""Tuning in processes of its own: what it prints, imports and writes, and that the bytes are always the same."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from belle.files import sha256_of
from belle.tokenizer.load import load_tokenizer

RUN = """
import sys
from pathlib import Path
from belle.libraries.block_imports import block_imports
block_imports("gptqmodel", "torchao", "deepspeed")
from belle.config.train import HardwareProfile, TrainParams
from belle.config.base import read_yaml
from belle.train.finetune import finetune
params = read_yaml("params.yaml")
out, metrics = Path("out"), Path("metrics")
out.mkdir()
metrics.mkdir()
hardware = HardwareProfile(**params["hardware"])
finetune(TrainParams.model_validate(params["train"]), hardware, 5, Path("tokens"), out, metrics)
assert all(sys.modules[name] is None for name in ("gptqmodel", "torchao", "deepspeed"))
"""
# waiting threads spin otherwise, and a busy machine lets them
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE"}
SCHEDULE = "{learning_rate: 1.0e-3, epochs: 1, batch_size: 4, warmup_ratio: 0.1, weight_decay: 0.01}"
PARAMS = f"""
hardware: {{device: cpu, num_processes: 1, micro_batch_size: 4, precision: fp32, gradient_checkpointing: false,
  zero_stage: 0, offload_optimizer: false}}
train:
  from: base
  method: METHOD
  profile: cpu
  ft: {SCHEDULE}
  lora: {SCHEDULE[:-1]}, rank: 4, alpha: 8, dropout: 0.1, target_modules: all-linear}}
"""


def repository(folder: Path, model: Path, packed: Path, method: str) -> Path:
    shutil.copytree(model, folder / "models" / "base")
    for split in ("train", "eval"):
        shutil.copytree(packed, folder / "tokens" / split)
    load_tokenizer(model).save_pretrained(folder / "tokens" / "tokenizer")
    (folder / "params.yaml").write_text(PARAMS.replace("METHOD", method))
    return folder


def run(folder: Path, hash_seed: str, threads: str) -> subprocess.CompletedProcess[str]:
    source = Path(__file__).resolve().parents[2] / "src"
    variables = {"PYTHONPATH": str(source), "PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": threads} | PATIENT
    return subprocess.run(
        [sys.executable, "-c", RUN], cwd=folder, env=os.environ | variables, capture_output=True, text=True, check=False
    )


def digests(folder: Path) -> dict[str, str]:
    made = (path for top in ("out", "metrics") for path in sorted((folder / top).rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in made}


@pytest.mark.slow
@pytest.mark.parametrize("method", ["ft", "lora"])
def test_bytes_are_equal_for_other_hash_seeds_and_threads(method, tiny_model, packed, tmp_path) -> None:
    first, second = (repository(tmp_path / name, tiny_model("llama"), packed, method) for name in ("a", "b"))
    done = [run(first, "1", "1"), run(second, "2", "2")]
    assert [one.returncode for one in done] == [0, 0], done
    assert digests(first) == digests(second)
    for one in done:
        assert one.stdout == ""
        assert [line.split(":")[:2] for line in one.stderr.splitlines()] == [["train", " training"]]
    check_files(first, method)


def check_files(folder: Path, method: str) -> None:
    names = {path.name for path in (folder / "out").iterdir()}
    tokenizer = {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}
    weights = {
        "ft": {"config.json", "generation_config.json", "model.safetensors"},
        "lora": {"adapter_config.json", "adapter_model.safetensors", "model_ref.json"},
    }
    assert names == weights[method] | tokenizer
    for path in (folder / "out").iterdir():
        assert str(folder).encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o666 & ~umask()
    if method == "lora":
        assert json.loads((folder / "out" / "model_ref.json").read_text()) == {"path": "models/base"}
    else:
        assert json.loads((folder / "out" / "config.json").read_text())["use_cache"] is True


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
