"""Models whose own weights are trained, loaded by each process of a profile."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from belle.checkpoints import models
from belle.checkpoints.models import load_base, load_model, save_weights
from belle.checkpoints.resolve import architecture, resolve_checkpoint
from belle.train import load
from belle.train.load import load_trainable
from belle.train.lora import add_adapters, load_frozen
from belle.train.trainer import attention_for
from factories import WATCH_MEMORY, hardware, lora_params

SOURCE = Path(__file__).resolve().parents[2] / "src"
PART = (
    """
import json, os, sys, threading, time
from pathlib import Path
from belle.libraries.block_imports import block_imports
block_imports("gptqmodel", "torchao")
import torch
from belle.config.hardware import HardwareProfile
from belle.config.train import LoraParams
from belle.train.load import load_trainable
from belle.train.lora import add_adapters, load_frozen
"""
    + WATCH_MEMORY
    + """
profile = HardwareProfile.model_validate_json(os.environ["HARDWARE"])
# libraries are imported and the processes connected
tiny = load_trainable(Path(sys.argv[2]), profile)
before, peaks, done = anonymous(), [], False
thread = threading.Thread(target=watch)
thread.start()
model = load_trainable(Path(sys.argv[1]), profile)
done = True
thread.join()
size = sum(4 * weight.ds_numel for weight in model.parameters())
params = LoraParams.model_validate_json(os.environ["LORA"])
frozen, _ = load_frozen(Path("half"), params, torch.bfloat16, None, profile)
torch.manual_seed(1)
lora = add_adapters(frozen, params, torch.bfloat16)
cut = [*tiny.parameters(), *(weight for weight in lora.parameters() if not weight.requires_grad)]
facts = {
    "lora": sum(weight.numel() for weight in lora.parameters() if not weight.requires_grad),
    "whole": sum(weight.numel() for weight in model.parameters()),
    "dtypes": sorted({str(weight.ds_tensor.dtype) for weight in model.parameters()}),
    "peak": (max(peaks) - before) / size,
    "after": (anonymous() - before) / size,
}
Path(f"facts-{os.environ['RANK']}.json").write_text(json.dumps(facts))
import deepspeed
with deepspeed.zero.GatheredParameters(cut):
    if os.environ["RANK"] == "0":
        torch.save((tiny.state_dict(), lora.state_dict()), "whole.pt")
"""
)
"""Loads a model at ZeRO's stage 3, says what it holds of it; loads two others, one for LoRA, saves them gathered."""


@pytest.mark.slow
def test_at_stage_3_each_of_two_processes_holds_half_of_a_model(tiny_model, tmp_path, free_port):
    """A model of 130 MB in fp32, stored in bf16: each process would hold all of it."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(hidden_size=512, intermediate_size=1408, num_hidden_layers=8, vocab_size=8000)
    with torch.device("meta"):
        model = LlamaForCausalLM(config)
    model.to_empty(device="cpu").bfloat16().save_pretrained(tmp_path / "stored")
    half, params = tmp_path / "half", lora_params()
    shutil.copytree(tiny_model("llama"), half)
    save_weights(load_model(half), half, torch.bfloat16)
    profile = hardware(num_processes=2, zero_stage=3, precision="bf16")
    settings = {
        "PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1", "WORLD_SIZE": "2",
        "HARDWARE": profile.model_dump_json(), "LORA": params.model_dump_json(),
        "DS_ACCELERATOR": "cpu", "CUDA_VISIBLE_DEVICES": "", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port),
        # every weight's memory is given back, as that of the large weights of a 7B model is anyway
        "MALLOC_MMAP_THRESHOLD_": "65536",
    }  # fmt: skip
    command = [sys.executable, "-c", PART, str(tmp_path / "stored"), str(tiny_model("llama"))]
    processes = [
        subprocess.Popen(
            command, cwd=tmp_path, env=os.environ | settings | {"RANK": rank, "LOCAL_RANK": rank}, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for rank in ("0", "1")
    ]  # fmt: skip
    for process in processes:
        errors = process.communicate(timeout=120)[1]
        assert process.returncode == 0, errors
    for rank in (0, 1):
        facts = json.loads((tmp_path / f"facts-{rank}.json").read_text())
        assert (facts["whole"], facts["lora"], facts["dtypes"]) == (0, 0, ["torch.float32"])
        # half, and the largest weight, an eighth of the model, twice while it is cut
        assert facts["after"] < 0.55 and facts["peak"] < 0.85, facts
    frozen, _ = load_frozen(half, params, torch.bfloat16)
    torch.manual_seed(1)
    whole = load_model(tiny_model("llama")), add_adapters(frozen, params, torch.bfloat16)
    for model, found in zip(whole, torch.load(tmp_path / "whole.pt"), strict=True):
        expected = model.state_dict()
        assert found.keys() == expected.keys() and all(torch.equal(found[name], expected[name]) for name in expected)


def test_without_a_gpu_a_model_is_loaded_as_ever(tiny_model):
    model = load_trainable(tiny_model("llama"), hardware())
    assert {(weight.dtype, weight.device.type) for weight in model.parameters()} == {(torch.float32, "cpu")}
    assert model.config._attn_implementation == attention_for("llama")


def test_weights_go_to_the_gpu_of_the_process_one_by_one(tiny_model, monkeypatch):
    """No GPU is here: looked at is what transformers is asked for."""
    asked = {}

    class Asked(Exception):
        pass

    def from_pretrained(directory, **options):
        asked.update(options)
        raise Asked

    monkeypatch.setattr(models.AutoModelForCausalLM, "from_pretrained", from_pretrained)
    for rank, profile in ((None, hardware(device="cuda")), ("3", hardware(device="cuda", zero_stage=2))):
        if rank:
            monkeypatch.setenv("LOCAL_RANK", rank)
        with pytest.raises(Asked):
            load_trainable(tiny_model("llama"), profile)
        assert (asked["device_map"], asked["dtype"]) == (torch.device("cuda", int(rank or 0)), torch.float32)


def test_a_model_that_was_loaded_onto_its_device_is_trained_to_the_same_bytes(tiny_model, packed, tmp_path):
    from belle.train.trainer import run_trainer
    from factories import finetune_params

    checkpoint, found = tiny_model("llama"), []
    attention = attention_for(architecture(resolve_checkpoint(checkpoint)))
    for number, device in enumerate((None, torch.device("cpu"))):
        model = load_base(checkpoint, attention, device=device)
        for name in ("logs", "checkpoints"):
            (tmp_path / f"{name}{number}").mkdir()
        run_trainer(
            model, packed, packed, finetune_params(epochs=1), hardware(), seed=1, stage="train",
            logs=tmp_path / f"logs{number}", checkpoints=tmp_path / f"checkpoints{number}",
        )  # fmt: skip
        found.append(model.state_dict())
    assert all(torch.equal(found[0][name], found[1][name]) for name in found[0])


def test_earlier_adapters_are_merged_before_stage_3_cuts_the_model(tiny_model, monkeypatch):
    files = resolve_checkpoint(tiny_model("llama"))
    monkeypatch.setattr(load, "resolve_checkpoint", lambda _: type(files)(files.base, (files.base,), files.tokenizer))
    monkeypatch.setattr(load, "load_model", lambda checkpoint, attention, device: ("merged", device))
    assert load_trainable(tiny_model("llama"), hardware(device="cuda", zero_stage=3)) == ("merged", None)
