import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from belle.config.train import TrainParams
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.save import save_tokenizer
from belle.train.finetune import finetune
from factories import contents, finetune_params, hardware, lora_params

SOURCE = Path(__file__).resolve().parents[2] / "src"
RUN = """
import sys
from pathlib import Path
from belle.libraries.block_imports import block_imports
block_imports("gptqmodel", "torchao", "deepspeed")
from belle.config.hardware import HardwareProfile
from belle.config.train import TrainParams
from belle.train.finetune import finetune
params = TrainParams.model_validate_json(sys.argv[1])
hardware = HardwareProfile.model_validate_json(sys.argv[2])
finetune(Path("models/base"), Path("tokens"), params, hardware, 5, Path("out"), Path("logs"), Path("checkpoints"))
assert all(sys.modules[name] is None for name in ("gptqmodel", "torchao", "deepspeed"))
"""
TOKENIZER = {"tokenizer.json", "tokenizer_config.json"}
WEIGHTS = {
    "ft": {"config.json", "generation_config.json", "model.safetensors"},
    "lora": {"adapter_config.json", "adapter_model.safetensors", "model_ref.json"},
}


def train_params(method: str) -> TrainParams:
    sections = {"ft": finetune_params(), "lora": lora_params(dropout=0.1)}
    return TrainParams(init_from="base", method=method, **sections)


@pytest.fixture
def repository(tiny_model, packed_directory, tmp_path):
    """Make a folder with models/base and tokens, and with empty folders for the results."""

    def make(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(tiny_model("llama"), folder / "models" / "base")
        for split in ("train", "eval"):
            shutil.copytree(packed_directory, folder / "tokens" / split)
        save_tokenizer(load_tokenizer(tiny_model("llama")), folder / "tokens" / "tokenizer")
        for results in ("out", "logs", "checkpoints"):
            (folder / results).mkdir()
        return folder

    return make


@pytest.mark.parametrize("method", WEIGHTS)
def test_weights_or_adapter_are_saved_with_the_tokenizer(method, repository, monkeypatch):
    folder = repository("a")
    monkeypatch.chdir(folder)
    directories = [folder / name for name in ("out", "logs", "checkpoints")]
    finetune(Path("models/base"), Path("tokens"), train_params(method), hardware(), 5, *directories)
    made = contents(folder / "out")
    assert made.keys() == WEIGHTS[method] | TOKENIZER
    assert not [name for name, content in made.items() if str(folder).encode() in content]
    for path in (folder / "out").iterdir():
        assert path.stat().st_mode & 0o777 == 0o666 & ~umask()
    if method == "lora":
        assert json.loads(made["model_ref.json"]) == {"path": "models/base"}
    else:
        assert json.loads(made["config.json"])["use_cache"] is True


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def run(folder: Path, method: str, hash_seed: str, threads: str) -> subprocess.CompletedProcess[str]:
    """Fine-tune in a process of its own."""
    variables = {"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": threads}
    params = [train_params(method).model_dump_json(), hardware(micro_batch_size=4).model_dump_json()]
    return subprocess.run(
        [sys.executable, "-c", RUN, *params], cwd=folder, env=os.environ | variables,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("method", WEIGHTS)
@pytest.mark.parametrize("threads", [("1", "2"), ("3", "3"), ("4", "4")])
def test_bytes_do_not_depend_on_hash_seed_and_the_order_of_threads(method, threads, repository):
    """Of one or two threads not on their number either; of more, docs/architecture.md says what is promised."""
    first, second = repository("a"), repository("b")
    done = [run(first, method, "1", threads[0]), run(second, method, "2", threads[1])]
    assert [one.returncode for one in done] == [0, 0], done
    for results in ("out", "logs"):
        assert contents(first / results) == contents(second / results)
    for one in done:
        assert one.stdout == ""
        assert [line.split(":")[:2] for line in one.stderr.splitlines()] == [["train", " training"]]
