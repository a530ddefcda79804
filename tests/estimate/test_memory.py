"""Memory of training: exact parts by hand, and what hardware and settings change."""

import pytest

from belle.config.base import parse, read_yaml
from belle.config.hardware import HardwareProfile
from belle.config.model import ModelProfile
from belle.estimate.memory import LIBRARIES, Memory, training_memory
from belle.estimate.model_size import ModelSize, model_size
from belle.estimate.stages import training_of
from belle.estimate.tokens import Tokens
from factories import ROOT, finetune_params, lora_params

READ = Tokens(None, None, 1024, "test")


def size_of(name: str) -> ModelSize:
    path = ROOT / f"configs/model/{name}.yaml"
    return model_size(parse(ModelProfile, read_yaml(path), path))


PARAMETERS = 6_738_415_616
"""Of LLaMA-7B."""


def profile(name: str, **changes: object) -> HardwareProfile:
    path = ROOT / f"configs/hardware/{name}.yaml"
    return parse(HardwareProfile, read_yaml(path) | changes, path)


def memory(params=None, hardware: HardwareProfile | None = None, size: ModelSize | None = None) -> Memory:
    hardware = hardware or profile("1gpu")
    params = params or finetune_params(batch_size=hardware.world_size)
    return training_memory(training_of(size or size_of("llama-7b"), params, hardware, 1024, READ))


def test_full_training_needs_16_bytes_per_weight_in_one_process():
    """Weights, gradients and two moments in fp32: 108 GB for 7B."""
    found = memory(hardware=profile("1gpu", precision="fp32"))
    parts = {name: found.parts[name] / PARAMETERS for name in ("weights", "optimizer")}
    assert parts == {"weights": 4, "optimizer": 8}
    assert 16 <= (found.total - LIBRARIES["cuda"]) / PARAMETERS < 17


def test_zero_shares_optimizer_states_then_gradients_then_weights():
    held = {stage: memory(hardware=profile("8gpu-zero2", zero_stage=stage, precision="fp32")) for stage in (1, 2, 3)}
    share = 12 * PARAMETERS / 8
    assert {found.parts["optimizer"] for found in held.values()} == {share}
    gradients = {stage: held[stage].parts["gradients"] for stage in (1, 2)}
    assert gradients[1] > 6 * gradients[2]
    assert held[3].parts["weights"] == pytest.approx(4 * PARAMETERS / 8 + 4e9)
    assert held[1].total > held[2].total > held[3].total


def test_offloading_moves_optimizer_states_to_main_memory():
    offloaded = memory(hardware=profile("8gpu-zero3-offload"))
    assert offloaded.parts["optimizer"] == 0
    # weights, the optimizer's copy of them, two moments and gradients twice; the whole model when it is saved
    assert offloaded.host == 24 * PARAMETERS + 4 * PARAMETERS + 8 * LIBRARIES["cpu"]
    assert memory(hardware=profile("8gpu-zero3")).host == 4 * PARAMETERS + 8 * LIBRARIES["cpu"]


def test_the_main_memory_of_a_node_is_that_of_all_its_processes():
    """Trained weights go to the GPUs one by one; a frozen base that is cast is in the memory of each process first."""
    assert memory(hardware=profile("8gpu-zero2")).host == 8 * (4 * 32000 * 4096 + LIBRARIES["cpu"])
    lora, qlora = lora_params(batch_size=8), lora_params(batch_size=8, base_precision="nf4")
    assert memory(lora, profile("8gpu-zero2")).host == 8 * (2 * PARAMETERS + LIBRARIES["cpu"])
    loading = [memory(lora_params(batch_size=8, use_dora=dora), profile("8gpu-zero3")).host for dora in (False, True)]
    assert loading[0] < 3e10 and loading[1] == 8 * (2 * PARAMETERS + LIBRARIES["cpu"])
    assert memory(qlora, profile("8gpu-zero2")).host < 8 * 5e9
    assert memory(lora_params(batch_size=16), profile("2nodes")).host == memory(lora, profile("8gpu-zero2")).host
    offloaded = [
        memory(finetune_params(batch_size=32), profile("8gpu-zero3-offload", num_nodes=n)).host for n in (1, 2)
    ]
    assert offloaded[0] - offloaded[1] == 12 * PARAMETERS


def test_on_a_processor_main_memory_is_the_memory_of_the_device():
    assert memory(hardware=profile("cpu")).host == 0


def test_lora_holds_the_frozen_base_in_the_hardwares_precision():
    params = lora_params(batch_size=1)
    half, single = (memory(params, profile("1gpu", precision=name)) for name in ("bf16", "fp32"))
    assert single.parts["weights"] - half.parts["weights"] == 2 * PARAMETERS
    assert half.parts["optimizer"] < 0.4e9


@pytest.mark.parametrize(
    "changes",
    [{"gradient_checkpointing": True}, {"micro_batch_size": 1}, {"precision": "bf16"}, {"fused_kernels": True}],
)
@pytest.mark.parametrize("method", ["ft", "lora"])
def test_what_saves_memory_saves_memory(method, changes):
    plain = {"gradient_checkpointing": False, "precision": "fp32", "fused_kernels": False, "micro_batch_size": 4}
    params = (finetune_params if method == "ft" else lora_params)(batch_size=8)
    before, after = (memory(params, profile("1gpu", **plain | one)) for one in ({}, changes))
    assert after.parts["activations"] + after.parts["logits and loss"] < before.total - before.parts["weights"]
    assert after.total < before.total or (method, changes) == ("ft", {"precision": "bf16"})


def test_many_logits_are_computed_in_chunks(monkeypatch):
    params, wide = lora_params(batch_size=1), size_of("qwen3-8b")
    in_chunks = memory(params, size=wide)
    monkeypatch.setattr("belle.estimate.memory.LOGITS_AT_ONCE", 1 << 60)
    at_once = memory(params, size=wide)
    assert at_once.parts["logits and loss"] == 12 * 1024 * 151936
    assert at_once.total - in_chunks.total > 1e9
