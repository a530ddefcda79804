from pathlib import Path

import pytest

from belle.config.base import load_profile
from belle.config.check import find_problems
from belle.config.hardware import HardwareProfile

MODEL, HARDWARE, EVAL = "configs/model/mini.yaml", "configs/hardware/cpu.yaml", "configs/eval/mini.yaml"
ENCRYPTED = {"model.profile": "belle-llama-7b-2m-enc", "model.allow_unpinned": True}

# changes of params.yaml, and for each line they give its key path and a word
CASES = [
    ({"quantize.gptq.group_size": 512}, [
        ("quantize.gptq.group_size", "hidden_size, 64; allowed: -1, 16, 32, 64"),
        ("quantize.gptq.group_size", "intermediate_size, 128"),
    ]),
    ({"quantize.gptq.group_size": 512, "quantize.schemes": ["gguf-f16"]}, []),
    ({"quantize.gptq.group_size": -1}, []),
    ({"quantize.schemes": ["gguf-q4_k_m", "gguf-q4_k_m"]}, [
        ("quantize.schemes", "gguf-q4_k_m is named twice"),
        ("quantize.schemes", "a multiple of 256, the model's hidden_size is 64"),
        ("quantize.schemes", "a multiple of 256, the model's intermediate_size is 128"),
    ]),
    ({"quantize.schemes": []}, []),
    ({"train.lora.target_modules": ["q_proj", "qproj"]}, [("train.lora.target_modules", "did you mean q_proj?")]),
    ({"train.lora.target_modules": ["dense"], "model.profile": "bloomz-560m"}, []),
    ({"train.lora.target_modules": ["q_proj"], "model.profile": "bloomz-560m"}, [
        ("train.lora.target_modules", "query_key_value, dense"),
    ]),
    ({"train.lora.target_modules": []}, [("train.lora.target_modules", "at least one")]),
    (ENCRYPTED, [("decrypt.enabled", "belle-llama-7b-2m-enc is encrypted")]),
    (ENCRYPTED | {"decrypt.enabled": True, "decrypt.key": "consolidated.00.pth"}, []),
    (ENCRYPTED | {"decrypt.enabled": True}, [("decrypt.key", "consolidated.00.pth")]),
    ({"decrypt.enabled": True, "decrypt.key": "x"}, [("decrypt.enabled", "nano is not encrypted")]),
    ({"data.sources": ["mini-corpus"], "data.text_sources": ["mini-math"]}, [
        ("data.sources", "mini-corpus has the format text"),
        ("data.text_sources", "mini-math has the format conversations"),
    ]),
    ({"data.sources": ["mini-math", "mini-math"]}, [("data", "mini-math")]),
    ({"data.text_sources": [], "pretrain.enabled": True}, [("data.text_sources", "pretrain.enabled")]),
    ({"data.text_sources": [], "pretrain.enabled": False}, []),
    ({"checkpoint": "decrypted"}, [("pretrain.enabled", "decrypted")]),
    ({"checkpoint": "decrypted", "pretrain.enabled": False}, []),
    ({"checkpoint": "pretrained"}, []),
    ({"data.sources": ["belle-1m"]}, [
        ("data.allow_unpinned", "https://huggingface.co/datasets/BelleGroup/train_1M_CN/commits/main"),
    ]),
    ({"data.sources": ["belle-1m"], "data.allow_unpinned": True}, []),
    ({"model.profile": "bloomz-7b1-mt"}, [
        ("model.allow_unpinned", "https://huggingface.co/bigscience/bloomz-7b1-mt/commits/main"),
    ]),
    ({"hardware": "1gpu", "train.ft.batch_size": 6, "pretrain.batch_size": 10}, [
        ("train.ft.batch_size", "multiple of 4"), ("pretrain.batch_size", "multiple of 4"),
    ]),
    ({"hardware": "1gpu", "train.ft.batch_size": 8, "pretrain.enabled": False}, []),
    ({"hardware": "1gpu", "train.method": "lora", "train.lora.batch_size": 2, "pretrain.enabled": False}, [
        ("train.lora.batch_size", "multiple of 4"),
    ]),
    ({"hardware": "8gpu-zero2", "train.ft.batch_size": 32, "pretrain.batch_size": 32}, [("hardware", "not built")]),
    ({"data.text_limit": 127}, [("data.text_limit", "128")]),
    ({"data.text_limit": 128}, []),
    ({"data.text_limit": 127, "pretrain.enabled": False}, []),
    ({"clean.min_characters": 9, "clean.max_characters": 8}, [("clean.min_characters", "clean.max_characters, 8")]),
    ({"train.init_from": "promoted/math"}, [("train.init_from", "models/promoted/math")]),
]  # fmt: skip


def same(lines: list[str], wanted: list[tuple[str, str]]) -> bool:
    """Whether each line names its key path and holds its word."""
    return len(lines) == len(wanted) and all(
        line.startswith(f"params.yaml: {key}: ") and word in line
        for line, (key, word) in zip(lines, wanted, strict=True)
    )


@pytest.mark.parametrize(("changes", "wanted"), CASES)
def test_params(change, changes, wanted):
    change("params.yaml", {"model.profile": "nano"} | changes)
    assert same(find_problems(), wanted), find_problems()


@pytest.mark.parametrize("name", ["math", "math.dvc"])
def test_promoted_models_are_found_also_where_only_dvc_has_them(change, name):
    change("params.yaml", {"train.init_from": "promoted/math"})
    Path("models/promoted", name).mkdir(parents=True)
    assert find_problems() == []


@pytest.mark.parametrize(
    ("file", "changes", "wanted"),
    [
        (HARDWARE, {"offload_optimizer": True}, ("hardware", "zero_stage")),
        (HARDWARE, {"zero_stage": 1}, ("hardware", "not built")),
        (EVAL, {"metrics": {}}, ("evaluate.scorer", "configs/eval/mini.yaml")),
    ],
)
def test_profiles(change, file, changes, wanted):
    change(file, changes)
    assert same(find_problems(), [wanted])


def test_an_evaluation_set_is_always_pinned(change):
    hub = {"kind": "hub", "repo": "a/b", "revision": None, "files": ["x.json"]}
    change(EVAL, {"source": hub})
    change("params.yaml", {"data.allow_unpinned": True, "model.allow_unpinned": True})
    (line,) = find_problems()
    assert line.startswith(f"{EVAL}: source.revision: ")


@pytest.mark.parametrize(
    ("category", "right"), [("Math", "math"), ("closed\xa0QA", "closed qa"), (" open qa", "open qa")]
)
def test_categories_are_named_as_questions_name_them(change, category, right):
    change(EVAL, {"metrics": {category: "exact_match"}})
    assert find_problems() == [f"{EVAL}: metrics: write the category {category!r} as {right!r} (NFKC, casefold)"]


@pytest.mark.parametrize("name", ["cpu", "1gpu", "8gpu-zero2", "8gpu-zero3", "8gpu-zero3-offload"])
def test_every_hardware_profile_is_valid_by_itself(change, name):
    assert load_profile(HardwareProfile, "hardware", name)
