import pytest

from belle.checkpoints.models import load_model
from belle.evaluate.served_model import served_name, start_command
from belle.train.lora import add_adapters, save_adapters
from factories import lora_params


@pytest.fixture
def checkpoint(tiny_model):
    return tiny_model("llama")


def test_an_adapter_has_another_name_and_is_served_beside_its_base(checkpoint, tmp_path):
    adapter = tmp_path / "adapter"
    save_adapters(add_adapters(load_model(checkpoint), lora_params(rank=12)), adapter, checkpoint, "fp32")
    assert served_name(adapter) != served_name(checkpoint)
    command = start_command(adapter)
    assert command.startswith(f"vllm serve {checkpoint} ")
    assert command.endswith(f"--enable-lora --max-lora-rank 16 --lora-modules {served_name(adapter)}={adapter}")


@pytest.mark.parametrize(
    ("changes", "stacked"), [({"use_dora": True}, False), ({"modules_to_save": ["lm_head"]}, False), ({}, True)]
)
def test_adapters_that_vllm_cannot_apply_are_served_merged(checkpoint, tmp_path, changes, stacked):
    first, second = tmp_path / "first", tmp_path / "second"
    save_adapters(add_adapters(load_model(checkpoint), lora_params(**changes)), first, checkpoint, "fp32")
    if stacked:
        save_adapters(add_adapters(load_model(first), lora_params()), second, first, "fp32")
    command = start_command(second if stacked else first)
    assert command.startswith("python -m llama_cpp.server --model models/quantized/gguf-f16/model.gguf --model_alias ")
