import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import torch
from safetensors.torch import load_file, save_file

from belle.checkpoints.models import load_model
from belle.checkpoints.resolve import write_pointer
from belle.config.model import Architecture
from belle.errors import UserError
from belle.train.lora import add_adapters, save_adapters
from factories import lora_params

SOURCE = Path(__file__).resolve().parents[2] / "src"
MERGE = """
import sys
from pathlib import Path
from belle.libraries.block_imports import block_imports
block_imports("gptqmodel", "torchao", "deepspeed")
from belle.checkpoints.models import load_model
load_model(Path(sys.argv[1]))
"""
IDS = torch.arange(2, 60)[None]


@torch.no_grad()
def logits(model: torch.nn.Module) -> torch.Tensor:
    return model.eval()(IDS).logits


def write_adapter(directory: Path, checkpoint: Path, seed: int) -> torch.Tensor:
    """Write an adapter that changes the model of `checkpoint`; return the logits of the two unmerged."""
    torch.manual_seed(seed)
    model = add_adapters(load_model(checkpoint), lora_params())
    for name, weight in model.named_parameters():
        if ".lora_B." in name:
            weight.data.normal_(0, 0.1)
    directory.mkdir()
    save_adapters(model, directory, checkpoint, "fp32")
    return logits(model)


@pytest.mark.parametrize("architecture", get_args(Architecture))
def test_a_merged_adapter_equals_base_and_adapter(architecture, tiny_model, tmp_path):
    base = tiny_model(architecture)
    unmerged = write_adapter(tmp_path / "lora", base, seed=1)
    merged = logits(load_model(tmp_path / "lora"))
    assert (unmerged - logits(load_model(base))).norm() / unmerged.norm() > 0.05
    assert (merged - unmerged).norm() / unmerged.norm() < 1e-5


def test_an_adapter_on_an_adapter_on_a_pointer_is_merged_in_order(tiny_model, tmp_path):
    write_pointer(tmp_path / "skipped", tiny_model("llama"))
    first = write_adapter(tmp_path / "first", tmp_path / "skipped", seed=1)
    second = write_adapter(tmp_path / "second", tmp_path / "first", seed=2)
    assert (logits(load_model(tmp_path / "first")) - first).norm() / first.norm() < 1e-5
    assert (logits(load_model(tmp_path / "second")) - second).norm() / second.norm() < 1e-5
    assert (second - first).norm() / first.norm() > 0.05


@pytest.mark.slow
def test_merging_prints_nothing(tiny_model, tmp_path):
    write_adapter(tmp_path / "lora", tiny_model("llama"), seed=1)
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-c", MERGE, str(tmp_path / "lora")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_weight_is_loaded_in_fp32(tiny_model, tmp_path):
    folder = copy(tiny_model("llama"), tmp_path)
    weights = load_file(folder / "model.safetensors")
    save_file({name: one.bfloat16() for name, one in weights.items()}, folder / "model.safetensors", {"format": "pt"})
    assert {weight.dtype for weight in load_model(folder).parameters()} == {torch.float32}


def copy(model: Path, tmp_path: Path) -> Path:
    return shutil.copytree(model, tmp_path / "model")


def without_a_weight(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def with_another_shape(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"intermediate_size": 64}))


def of_unknown_architecture(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "unheard_of"}))


def truncated(folder: Path) -> None:
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])


def without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (without_a_weight, r"model\.layers\.1\.mlp\.up_proj\.weight"),
        (with_another_shape, ""),
        (of_unknown_architecture, "unheard_of"),
        (truncated, ""),
        (without_weights, ""),
    ],
)
def test_a_model_that_cannot_be_read_is_named_in_one_line(spoil, problem, tiny_model, tmp_path):
    folder = copy(tiny_model("llama"), tmp_path)
    spoil(folder)
    with pytest.raises(UserError, match=f"^{folder}: .*{problem}") as error:
        load_model(folder)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04", pickle.dumps({"a": 1})[:-5]])
def test_a_pickle_that_is_cut_off_or_spoiled_is_one_line(content, tiny_model, tmp_path):
    folder = copy(tiny_model("llama"), tmp_path)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(content)
    with pytest.raises(UserError, match=f"^{folder}: cannot load this model: .") as error:
        load_model(folder)
    assert "\n" not in str(error.value)


class RunsCode:
    def __reduce__(self):
        return print, ("this must not run",)


def test_pickled_code_in_weights_does_not_run_and_is_one_line(tiny_model, tmp_path, capsys):
    folder = copy(tiny_model("llama"), tmp_path)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"model.norm.weight": RunsCode()}))
    with pytest.raises(UserError, match=f"^{folder}: ") as error:
        load_model(folder)
    assert "\n" not in str(error.value)
    assert "this must not run" not in capsys.readouterr().out


@pytest.mark.parametrize("lost", ["adapter_model.safetensors", "half"])
def test_an_adapter_that_cannot_be_read_is_named(lost, tiny_model, tmp_path):
    write_adapter(tmp_path / "lora", tiny_model("llama"), seed=1)
    weights = tmp_path / "lora" / "adapter_model.safetensors"
    if lost == "half":
        weights.write_bytes(weights.read_bytes()[:999])
    else:
        weights.unlink()
    with pytest.raises(UserError, match=f"^{tmp_path / 'lora'}: "):
        load_model(tmp_path / "lora")
