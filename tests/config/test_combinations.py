from pathlib import Path

import pytest

from belle.config.check import find_problems
from belle.config.section import load_profile
from belle.config.train import HardwareProfile

MODEL, HARDWARE, EVAL = "configs/model/mini.yaml", "configs/train/cpu.yaml", "configs/eval/mini.yaml"
LLAMA = "q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj"
BLOOM = "query_key_value, dense, dense_h_to_4h, dense_4h_to_h"
NO_MULTIPLE = "is not a multiple of 4, the rows that the hardware profile 1gpu computes at once"
SMALLER = "take gguf-f16, or a scheme of smaller blocks"
ENCRYPTED = {"model.profile": "belle-llama-7b-2m-enc", "model.allow_unpinned": True}

# changes of params.yaml, and the lines they give
CASES = [
    ({"quantize.gptq.group_size": 512}, [
        "quantize.gptq.group_size: 512 does not divide the model's hidden_size, 64; allowed: -1, 16, 32, 64",
        "quantize.gptq.group_size: 512 does not divide the model's intermediate_size, 128; allowed: -1, 16, 32, 64",
    ]),
    ({"quantize.gptq.group_size": 512, "quantize.schemes": ["gguf-f16"]}, []),
    ({"quantize.gptq.group_size": -1}, []),
    ({"quantize.schemes": ["gguf-q4_k_m", "gguf-q4_k_m"]}, [
        "quantize.schemes: gguf-q4_k_m is named twice",
        f"quantize.schemes: gguf-q4_k_m needs rows of a multiple of 256, the model's hidden_size is 64; {SMALLER}",
        "quantize.schemes: gguf-q4_k_m needs rows of a multiple of 256, the model's intermediate_size is 128; "
        f"{SMALLER}",
    ]),
    ({"quantize.schemes": []}, []),
    ({"train.lora.targets": ["q_proj", "qproj"]}, [
        f"train.lora.targets: llama models have no linear layer qproj; they have {LLAMA}; did you mean q_proj?",
    ]),
    ({"train.lora.targets": ["dense"], "model.profile": "bloomz-560m"}, []),
    ({"train.lora.targets": ["q_proj"], "model.profile": "bloomz-560m"}, [
        f"train.lora.targets: bloom models have no linear layer q_proj; they have {BLOOM}",
    ]),
    ({"train.lora.targets": []}, [f"train.lora.targets: name at least one of {LLAMA}, or write all-linear"]),
    (ENCRYPTED, [
        "decrypt.enabled: the model belle-llama-7b-2m-enc is encrypted; set this to true and decrypt.key to the key",
    ]),
    (ENCRYPTED | {"decrypt.enabled": True, "decrypt.key": "consolidated.00.pth"}, []),
    ({"decrypt.enabled": True}, [
        "decrypt.enabled: the model nano is not encrypted; set this to false",
        "decrypt.key: set it to the path of the key file (the original consolidated.00.pth)",
    ]),
    ({"data.sources": ["mini-corpus"], "data.text_sources": ["mini-math"]}, [
        "data.sources: mini-corpus has the format text; name it in data.text_sources",
        "data.text_sources: mini-math has the format conversations; name it in data.sources",
    ]),
    ({"data.sources": ["mini-math", "mini-math"]}, ["data: a source can be named once: mini-math"]),
    ({"data.text_sources": [], "pretrain.enabled": True}, [
        "data.text_sources: pretrain.enabled needs a text source; name one, or set pretrain.enabled to false",
    ]),
    ({"data.text_sources": [], "pretrain.enabled": False}, []),
    ({"subject": "decrypted"}, [
        "pretrain.enabled: nothing would use its work when subject is decrypted; set this to false",
    ]),
    ({"subject": "decrypted", "pretrain.enabled": False}, []),
    ({"subject": "pretrained"}, []),
    ({"data.sources": ["belle-1m"]}, [
        "data.allow_unpinned: configs/data/belle-1m.yaml pins no revision of BelleGroup/train_1M_CN; set "
        "source.revision there to a commit, or this to true and lose repeatability",
    ]),
    ({"data.sources": ["belle-1m"], "data.allow_unpinned": True}, []),
    ({"model.profile": "bloomz-7b1-mt"}, [
        "model.allow_unpinned: configs/model/bloomz-7b1-mt.yaml pins no revision of bigscience/bloomz-7b1-mt; set "
        "source.revision there to a commit, or this to true and lose repeatability",
    ]),
    ({"train.profile": "1gpu", "train.ft.batch_size": 6, "pretrain.batch_size": 10}, [
        f"train.ft.batch_size: 6 {NO_MULTIPLE}", f"pretrain.batch_size: 10 {NO_MULTIPLE}",
    ]),
    ({"train.profile": "1gpu", "train.ft.batch_size": 8, "pretrain.enabled": False}, []),
    ({"train.profile": "1gpu", "train.method": "lora", "train.lora.batch_size": 2, "pretrain.enabled": False}, [
        f"train.lora.batch_size: 2 {NO_MULTIPLE}",
    ]),
    ({"train.profile": "8gpu-zero2", "train.ft.batch_size": 32, "pretrain.batch_size": 32}, [
        "train.profile: the hardware profile 8gpu-zero2: training in several processes is not built yet; use cpu or "
        "1gpu",
    ]),
    ({"data.text_limit": 127}, [
        "data.text_limit: 127 leaves at most 127 texts, pretrain needs 128; raise it, or set pretrain.enabled to false",
    ]),
    ({"data.text_limit": 128}, []),
    ({"data.text_limit": 127, "pretrain.enabled": False}, []),
    ({"clean.min_characters": 9, "clean.max_characters": 8}, [
        "clean.min_characters: 9 is more than clean.max_characters, 8",
    ]),
    ({"train.from": "promoted/math"}, [
        "train.from: there is no models/promoted/math; promote an experiment's model first",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "lines"), CASES)
def test_params(change, changes, lines):
    change("params.yaml", {"model.profile": "nano"} | changes)
    assert find_problems() == [f"params.yaml: {line}" for line in lines]


@pytest.mark.parametrize("name", ["math", "math.dvc"])
def test_promoted_models_are_found_also_where_only_dvc_has_them(change, name):
    change("params.yaml", {"train.from": "promoted/math"})
    Path("models/promoted", name).mkdir(parents=True)
    assert find_problems() == []


@pytest.mark.parametrize(
    ("file", "changes", "line"),
    [
        (
            HARDWARE,
            {"offload": True},
            "train.profile: the hardware profile cpu sets offload, a part of DeepSpeed; set its zero_stage to 1, 2 or "
            "3, or offload to false",
        ),
        (
            HARDWARE,
            {"zero_stage": 1},
            "train.profile: the hardware profile cpu: training in several processes is not built yet; use cpu or 1gpu",
        ),
        (
            EVAL,
            {"rules": {}},
            "evaluate.scorer: configs/eval/mini.yaml has no rules, its answers need a judge",
        ),
    ],
)
def test_profiles(change, file, changes, line):
    change(file, changes)
    assert find_problems() == [f"params.yaml: {line}"]


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
    change(EVAL, {"rules": {category: "exact"}})
    assert find_problems() == [f"{EVAL}: rules: write the category {category!r} as {right!r} (NFKC, casefold)"]


@pytest.mark.parametrize("name", ["cpu", "1gpu", "8gpu-zero2", "8gpu-zero3", "8gpu-zero3-offload"])
def test_every_hardware_profile_is_valid_by_itself(change, name):
    assert load_profile(HardwareProfile, "train", name)
