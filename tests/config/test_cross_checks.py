import pytest

from belle.config import training_checks
from belle.config.check import find_problems
from belle.config.train import TrainParams
from factories import finetune_params, hardware, lora_params

MODEL, HARDWARE, EVAL = "configs/model/mini.yaml", "configs/hardware/cpu.yaml", "configs/eval/mini.yaml"
DATA, GREEDY = "configs/data/mini-general.yaml", "configs/decoding/greedy.yaml"
ENCRYPTED = {"model.profile": "belle-llama-7b-2m-enc"}
UNPINNED = {"kind": "hub", "repo": "someone/tiny", "revision": None, "files": ["*.json"]}

# changes of params.yaml, and for each problem they make its key path and words of its line
CASES = [
    ({"evaluate.generate.engine": "endpoint"}, [("evaluate.generate.endpoint", "configs/endpoint/")]),
    ({"quantize.gptq.group_size": 512}, [
        ("quantize.gptq.group_size", "512", "hidden_size", "64", "-1, 16, 32, 64"),
        ("quantize.gptq.group_size", "512", "intermediate_size", "128"),
    ]),
    ({"quantize.gptq.group_size": 512, "quantize.schemes": ["gguf-f16"]}, []),
    ({"quantize.gptq.group_size": -1}, []),
    ({"quantize.schemes": ["gguf-q4_k_m", "gguf-q4_k_m"]}, [
        ("quantize.schemes", "gguf-q4_k_m", "twice"),
        ("quantize.schemes", "gguf-q4_k_m", "256", "hidden_size", "64"),
        ("quantize.schemes", "gguf-q4_k_m", "256", "intermediate_size", "128"),
    ]),
    ({"quantize.schemes": []}, []),
    ({"train.lora.target_modules": ["q_proj", "qproj"]}, [("train.lora.target_modules", "mean q_proj?")]),
    ({"train.lora.target_modules": ["dense"], "model.profile": "bloomz-560m"}, []),
    ({"train.lora.target_modules": ["q_proj"], "model.profile": "bloomz-560m"}, [
        ("train.lora.target_modules", "q_proj", "query_key_value, dense"),
    ]),
    ({"train.lora.target_modules": []}, [("train.lora.target_modules", "at least one")]),
    ({"train.lora.modules_to_save": ["embed_tokens", "lm_head"]}, []),
    ({"train.lora.modules_to_save": ["embed_token", "q_proj"]}, [
        ("train.lora.modules_to_save", "embed_token", "mean embed_tokens?"),
        ("train.lora.modules_to_save", "q_proj", "target_modules"),
    ]),
    ({"train.lora.base_precision": "nf4", "train.method": "lora"}, []),
    (ENCRYPTED, [("decrypt.enabled", "belle-llama-7b-2m-enc", "true")]),
    (ENCRYPTED | {"decrypt.enabled": True, "decrypt.key": "consolidated.00.pth"}, []),
    (ENCRYPTED | {"decrypt.enabled": True}, [("decrypt.key", "consolidated.00.pth")]),
    ({"decrypt.enabled": True, "decrypt.key": "x"}, [("decrypt.enabled", "nano", "false")]),
    ({"data.sources": ["mini-corpus"], "data.texts.sources": ["mini-math"]}, [
        ("data.sources", "mini-corpus", "text", "data.texts.sources"),
        ("data.texts.sources", "mini-math", "conversations", "data.sources"),
    ]),
    ({"data.sources": ["mini-math", "mini-math"]}, [("data.sources", "mini-math")]),
    ({"data.texts.sources": [], "pretrain.enabled": True}, [("data.texts.sources", "pretrain.enabled")]),
    ({"data.texts.sources": [], "pretrain.enabled": False}, []),
    ({"data.texts.sources": [], "pretrain.enabled": False, "extend_vocab.enabled": True}, [
        ("data.texts.sources", "extend_vocab.enabled"),
    ]),
    ({"extend_vocab.enabled": True, "checkpoint": "extended", "pretrain.enabled": False}, []),
    ({"extend_vocab.enabled": True, "checkpoint": "decrypted", "pretrain.enabled": False}, [
        ("extend_vocab.enabled", "decrypted"),
    ]),
    ({"pretrain.mixture": [1.0, 5.0]}, [("pretrain.mixture", "2 weights", "1 data.texts.sources")]),
    ({"pretrain.mixture": [0.0]}, [("pretrain.mixture", "every weight is 0")]),
    ({"pretrain.mixture": [2.0]}, []),
    ({"pretrain.mixture": [1.0, 5.0], "pretrain.enabled": False}, []),
    ({"checkpoint": "decrypted"}, [("pretrain.enabled", "decrypted")]),
    ({"checkpoint": "decrypted", "pretrain.enabled": False}, []),
    ({"checkpoint": "pretrained"}, []),
    ({"checkpoint": "pretrained", "tokenize.template": "belle-2023-04"}, [
        ("tokenize.template", "GPTQ", "belle-2023-04", "pretrained", "nano, belle;", "to model"),
    ]),
    ({"checkpoint": "pretrained", "tokenize.template": "model"}, []),
    ({"checkpoint": "pretrained", "tokenize.template": "belle-2023-04", "quantize.schemes": ["gguf-f16"]}, []),
    ({"checkpoint": "trained", "tokenize.template": "belle-2023-04"}, []),
    ({"hardware": "8gpu-zero2", "train.ft.batch_size": 6, "pretrain.batch_size": 10}, [
        ("train.ft.batch_size", "6", "8 processes", "6 / 8 = 0.75", "set it to 8"),
        ("pretrain.batch_size", "10", "8gpu-zero2", "10 / 8 = 1.25", "set it to 8"),
    ]),
    ({"hardware": "1gpu", "train.ft.batch_size": 6, "pretrain.batch_size": 10}, []),
    ({"hardware": "2nodes", "train.method": "lora", "train.lora.batch_size": 40, "pretrain.enabled": False}, [
        ("train.lora.batch_size", "40", "16 processes", "2 nodes x 8", "set it to 32"),
    ]),
    ({"hardware": "8gpu-zero2", "train.ft.batch_size": 32, "pretrain.batch_size": 32}, []),
    ({"clean.min_characters": 9, "clean.max_characters": 8}, [
        ("clean.min_characters", "9", "clean.max_characters", "8"),
    ]),
    ({"tokenize.max_length": 1025, "pretrain.max_length": 1025}, [
        ("tokenize.max_length", "1025", "1024", "nano"), ("pretrain.max_length", "1025", "1024", "nano"),
    ]),
    ({"tokenize.max_length": 1024, "pretrain.max_length": 1025, "pretrain.enabled": False}, []),
    ({"tokenize.max_length": 4096, "pretrain.max_length": 4096, "model.profile": "bloomz-560m"}, []),
    ({"train.init_from": "promoted/math"}, [
        ("train.init_from", "models/promoted/math", "belle promote EXPERIMENT math"),
    ]),
]  # fmt: skip


def assert_problems(wanted: list[tuple[str, ...]]) -> None:
    """One line for each problem, in order: it begins with the key path and holds the words."""
    lines = find_problems()
    assert len(lines) == len(wanted), lines
    for line, (key, *words) in zip(lines, wanted, strict=True):
        assert line.startswith(f"params.yaml: {key}: ")
        assert [word for word in words if word not in line] == [], line


@pytest.mark.parametrize(("changes", "wanted"), CASES)
def test_sections_and_profiles_must_fit_together(change, changes, wanted):
    change("params.yaml", {"model.profile": "nano"} | changes)
    assert_problems(wanted)


@pytest.mark.parametrize(
    ("file", "changes", "wanted"),
    [
        (
            MODEL,
            {"source": UNPINNED},
            ("model.allow_unpinned", MODEL, "https://huggingface.co/someone/tiny/commits/main"),
        ),
        *(
            (DATA, {"source": source}, ("data.allow_unpinned", DATA, "datasets/someone/tiny/commits/main"))
            for source in (UNPINNED, {"kind": "dataset", "repo": "someone/tiny", "revision": None, "split": "train"})
        ),
        (HARDWARE, {"offload_optimizer": True}, ("hardware", "zero_stage")),
        (HARDWARE, {"precision": "fp16"}, ("hardware", "cpu", "bf16")),
        (GREEDY, {"top_p": 0.9}, ("evaluate.generate.decoding", GREEDY, "top_p", "null")),
        (EVAL, {"metrics": {}}, ("evaluate.scorer", "configs/eval/mini.yaml")),
    ],
)
def test_a_profile_must_fit_params_yaml(change, file, changes, wanted):
    change(file, changes)
    assert_problems([wanted])


def test_an_unpinned_data_set_may_be_allowed(change):
    change(DATA, {"source": UNPINNED})
    change("params.yaml", {"data.allow_unpinned": True})
    assert_problems([])


@pytest.mark.parametrize(("method", "base_precision", "zero_stage", "is_refused"), [
    ("lora", "nf4", 3, True), ("lora", "nf4", 2, False), ("lora", "hardware", 3, False), ("ft", "nf4", 3, False),
])  # fmt: skip
def test_nf4_weights_are_not_sharded(method, base_precision, zero_stage, is_refused):
    sections = {"ft": finetune_params(), "lora": lora_params(base_precision=base_precision)}
    train = TrainParams(init_from="base", method=method, **sections)
    lines = list(training_checks.base_precision(train, "my-gpus", hardware(zero_stage=zero_stage)))
    assert len(lines) == is_refused
    assert all(line.startswith("train.lora.base_precision: nf4 ") and "my-gpus" in line for line in lines)


def test_a_server_that_answers_has_known_prices(change):
    served = {"evaluate.generate.engine": "endpoint", "evaluate.generate.endpoint": "local"}
    change("params.yaml", served)
    assert find_problems() == []
    change("configs/endpoint/local.yaml", {"input_price": None, "output_price": None})
    (problem,) = find_problems()
    assert "evaluate.generate.endpoint: configs/endpoint/local.yaml" in problem and "input_price" in problem
    change("params.yaml", {"evaluate.generate.engine": "local"})
    assert find_problems() == []
