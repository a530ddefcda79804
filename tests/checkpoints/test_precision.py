import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from belle.checkpoints.models import load_model, refuse_larger_tokenizer, save_weights
from belle.checkpoints.precision import save_dtype, update_lost
from belle.errors import UserError
from belle.tokenizer.load import load_tokenizer
from factories import WATCH_MEMORY

SOURCE = Path(__file__).resolve().parents[2] / "src"
PEAK = (
    """
import sys, threading, time
from pathlib import Path
import torch
from belle.checkpoints.models import load_base, load_model
from belle.checkpoints.precision import update_lost
"""
    + WATCH_MEMORY
    + """
checkpoint, what = Path(sys.argv[1]), sys.argv[3]
# libraries are imported
model = load_model(Path(sys.argv[2]) if what != "update_lost" else checkpoint)
before, peaks, done = anonymous(), [], False
thread = threading.Thread(target=watch)
thread.start()
if what == "update_lost":
    update_lost(model, load_model(checkpoint, as_stored=True), torch.bfloat16)
else:
    model = load_base(checkpoint, dtype="auto" if what == "auto" else getattr(torch, what))
done = True
thread.join()
held = sum(weight.numel() * weight.element_size() for weight in model.parameters())
print((max(peaks) - before) / held, held)
"""
)


def with_config(folder: Path, **changes: object) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"} | changes))
    return folder


@pytest.mark.parametrize(
    ("config", "setting", "dtype"),
    [
        ({"dtype": "bfloat16"}, "base", torch.bfloat16),
        ({"torch_dtype": "float16"}, "base", torch.float16),
        ({}, "base", torch.float32),
        ({"dtype": "bfloat16"}, "fp32", torch.float32),
        ({"dtype": "bfloat16"}, "fp16", torch.float16),
    ],
)
def test_base_is_the_precision_that_the_base_names(config, setting, dtype, tmp_path):
    assert save_dtype(setting, with_config(tmp_path / "model", **config)) == dtype


def test_an_unknown_precision_of_the_base_is_one_line(tmp_path):
    with pytest.raises(UserError, match=r"config\.json: dtype: float8_e5m2"):
        save_dtype("base", with_config(tmp_path / "model", dtype="float8_e5m2"))


@pytest.mark.parametrize(("dtype", "least", "most"), [(torch.bfloat16, 0.1, 0.4), (torch.float16, 0.01, 0.06)])
def test_half_precision_loses_part_of_a_small_update(dtype, least, most, tiny_model, tmp_path):
    before, model = load_model(tiny_model("llama")), load_model(tiny_model("llama"))
    torch.manual_seed(1)
    for weight in model.parameters():
        # 1 % of the weights' size
        weight.data += torch.randn_like(weight) * 0.01 * weight.std().clamp(min=0.1)
    lost = update_lost(model, before, dtype)
    assert least < lost < most
    exact = {name: weight.clone() for name, weight in model.named_parameters()}
    save_weights(model, tmp_path, dtype)
    stored = load_file(tmp_path / "model.safetensors")
    assert {weight.dtype for weight in stored.values()} == {dtype}
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["dtype"] == config["torch_dtype"] == str(dtype).removeprefix("torch.")
    difference = sum((stored[name].float() - weight).square().sum() for name, weight in exact.items()).sqrt()
    changed = sum((weight - before.get_parameter(name)).square().sum() for name, weight in exact.items()).sqrt()
    assert lost == pytest.approx((difference / changed).item(), rel=1e-4)


def test_nothing_is_lost_in_fp32(tiny_model):
    assert update_lost(load_model(tiny_model("llama")), load_model(tiny_model("llama")), torch.float32) == 0


def test_a_weight_that_the_stored_precision_cannot_hold_is_named_and_nothing_is_written(tiny_model, tmp_path):
    model = load_model(tiny_model("llama"))
    model.model.norm.weight.data[5] = 7e4
    with pytest.raises(UserError, match=r"model\.norm\.weight .*float16.*save_precision"):
        save_weights(model, tmp_path, torch.float16)
    assert list(tmp_path.iterdir()) == []


def test_a_tokenizer_larger_than_the_embedding_is_one_line(tiny_model, tmp_path):
    tokenizer = load_tokenizer(tiny_model("llama"))
    refuse_larger_tokenizer(load_model(tiny_model("llama")), tokenizer, tmp_path)
    tokenizer.add_tokens([f"<{number}>" for number in range(100)])
    with pytest.raises(UserError, match=rf"^{tmp_path}: .* {len(tokenizer)} tokens.* 400 rows"):
        refuse_larger_tokenizer(load_model(tiny_model("llama")), tokenizer, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stored", "what", "most"), [("float32", "float32", 1.1), ("bfloat16", "float32", 1.1), ("float16", "auto", 1.1)]
)
def test_a_model_is_loaded_without_a_second_copy(stored, what, most, tiny_model, tmp_path):
    """A model of 300 MB in fp32: 7B ones are loaded by the same code."""
    peak, size = measure(write_model(tmp_path, stored, num_hidden_layers=7, vocab_size=16000), tiny_model, what)
    print(f"stored in {stored}, held in {what}: {size / 1e6:.0f} MB, peak {peak:.3f} of it")
    assert size > 140e6
    assert peak < most


@pytest.mark.slow
@pytest.mark.parametrize("stored", ["float32", "bfloat16"])
def test_what_storing_loses_is_computed_without_a_copy_of_the_model_before(stored, tiny_model, tmp_path):
    """The largest weight is a fiftieth of the model."""
    peak, size = measure(
        write_model(tmp_path, stored, num_hidden_layers=10, vocab_size=1000), tiny_model, "update_lost"
    )
    print(f"stored in {stored}: {size / 1e6:.0f} MB, peak {peak:.3f} of it")
    assert size > 280e6
    assert peak < 0.2


def write_model(folder: Path, stored: str, **sizes: int) -> Path:
    from transformers import LlamaConfig, LlamaForCausalLM

    with torch.device("meta"):
        model = LlamaForCausalLM(LlamaConfig(hidden_size=768, intermediate_size=2048, **sizes))
    model.to_empty(device="cpu").to(getattr(torch, stored)).save_pretrained(folder)
    return folder


def measure(folder: Path, tiny_model: Callable[[str], Path], what: str) -> tuple[float, float]:
    """Return the peak of memory while `what` is done, over the bytes of the model, and these."""
    command = [sys.executable, "-c", PEAK, str(folder), str(tiny_model("llama")), what]
    # memory that was given back is not kept for later
    variables = os.environ | {"PYTHONPATH": str(SOURCE), "MALLOC_MMAP_THRESHOLD_": "65536"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    peak, size = map(float, done.stdout.split())
    return peak, size
