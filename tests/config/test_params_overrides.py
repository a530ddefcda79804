"""Every parameter of params.yaml survives `dvc exp run -S KEY=VALUE` and reloads with the same type and value."""

import json
import re
from collections.abc import Iterator
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
from dvc.utils.hydra import apply_overrides

from belle.config.base import load_params, read_yaml
from belle.config.experiment import Experiment
from belle.config.messages import problems_of

PARAMS = Path(__file__).resolve().parents[2] / "params.yaml"
# what a text, a list or a null can be changed to
OTHERS: dict[str, Any] = {
    "model.profile": "qwen3-0.6b",
    "generate_data.endpoint": "openai",
    "generate_data.seed_tasks": "inputs/zh_seed_tasks.json",
    "generate_data.budget.money": 5.0,
    "data.sources": ["mini-math", "mini-noisy"],
    "data.limit": 100,
    "data.texts.sources": [],
    "data.texts.limit": 5,
    "tokenize.train_conversations": 1000,
    "clean.engine": "ray://127.0.0.1:10001",
    "clean.deduplicate.permutations": 84,
    "clean.deduplicate.bands": 6,
    "clean.filters.repeated_lines": 0.2,
    "clean.filters.repeated_ngrams": 0.15,
    "clean.filters.perplexity": 1000.0,
    "clean.filters.blacklist": ["free-money", "casino"],
    "clean.filters.language.allowed": ["zh", "en"],
    "evaluate.set": "belle",
    "evaluate.limit": 30,
    "evaluate.scorer": "both",
    "evaluate.judge.endpoint": "openai",
    "evaluate.judge.second_endpoint": "local",
    "evaluate.judge.output": "json",
    "evaluate.judge.budget.tokens": 100000,
    "evaluate.judge.budget.money": 2.5,
    "evaluate.generate.engine": "endpoint",
    "evaluate.generate.endpoint": "local",
    "evaluate.generate.decoding": "belle-papers",
    "evaluate.generate.too_long": "skip",
    "decrypt.key": "keys/consolidated.00.pth",
    "pretrain.trainable": "embeddings+lm_head",
    "pretrain.mixture": [1.0, 5.0],
    "tokenize.template": "belle-2023-04",
    "train.init_from": "promoted/math-1.0",
    "train.method": "lora",
    "hardware": "1gpu",
    "train.lora.target_modules": ["q_proj", "v_proj"],
    "train.ft.save_precision": "bf16",
    "pretrain.save_precision": "fp32",
    "train.lora.base_precision": "nf4",
    "train.lora.modules_to_save": ["embed_tokens", "lm_head"],
    "checkpoint": "base",
    "quantize.schemes": ["gguf-q8_0", "gptq-int8"],
    "quantize.gptq.group_size": -1,
    "quantize.calibration.tokens": 262144,
}


def leaves(section: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def changed(key: str, value: Any) -> Any:
    if key in OTHERS:
        return OTHERS[key]
    assert isinstance(value, bool | int | float), f"{key}: give it another valid value in OTHERS"
    return {bool: lambda: not value, int: lambda: value + 3, float: lambda: 2e-05}[type(value)]()


def written(value: Any) -> str:
    """As a person types it after `-S KEY=`."""
    if isinstance(value, list):
        return f"[{','.join(map(str, value))}]"
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def override(*settings: str) -> None:
    apply_overrides("params.yaml", list(settings))


PARAMETERS = dict(leaves(read_yaml(PARAMS)))
CHANGED = {key: changed(key, value) for key, value in PARAMETERS.items()}


@pytest.mark.parametrize("values", [CHANGED, PARAMETERS], ids=["other values", "the same values"])
def test_every_parameter_keeps_its_type_and_value(change, values):
    override(*(f"{key}={written(value) if value != 2e-05 else '2e-5'}" for key, value in values.items()))
    content = read_yaml(Path("params.yaml"))
    assert {key: (value, type(value)) for key, value in leaves(content)} == {
        key: (value, type(value)) for key, value in values.items()
    }
    # these are values that a person would write
    assert problems_of(Experiment, content, Path("params.yaml")) == []


@pytest.mark.parametrize("key", PARAMETERS)
def test_an_override_changes_the_lines_of_its_key_alone(change, key):
    before = Path("params.yaml").read_text(encoding="utf-8").splitlines()
    override(f"{key}={written(CHANGED[key])}")
    after = Path("params.yaml").read_text(encoding="utf-8").splitlines()
    differing = [line[2:].strip() for line in ndiff(before, after) if line[0] in "+-"]
    own = (f"{key.rpartition('.')[2]}:", "- ")
    lost = [line for line in differing if not line.startswith(own)]
    assert lost == [], "a list must be the last of the keys that hold values in its section"


@pytest.mark.parametrize("text", ["2e-5", "2e-05", "1E-4", "0.00002", "1.5e-7", "1"])
def test_learning_rates_stay_numbers(change, text):
    override(f"train.ft.learning_rate={text}")
    found = load_params(Experiment).train.ft.learning_rate
    assert (found, type(found)) == (float(text), float)


@pytest.mark.parametrize(("text", "value"), [("yes", "yes"), ("'1e5.pth'", "1e5.pth"), ("no", "no"), ("null", None)])
def test_words_stay_words(change, text, value):
    override(f"decrypt.key={text}")
    assert load_params(Experiment).decrypt.key == value


def test_several_at_once_keep_the_schema_comment(change):
    apply_overrides("params.yaml", ["train.method=lora", "quantize.schemes=[]", "data.limit=null", "seed=7"])
    experiment = load_params(Experiment)
    assert (experiment.train.method, experiment.quantize.schemes, experiment.data.limit) == ("lora", [], None)
    assert Path("params.yaml").read_text().startswith("# yaml-language-server: $schema=configs/schema/params.json\n")


def test_params_yaml_has_the_form_that_dvc_rewrites():
    lines = PARAMS.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if "#" in line]
    assert all(line.lstrip().startswith("#") for line in comments), "a comment stands on its own line"
    assert not any("${" in line for line in lines), "no interpolation"
    plain = [line for line in lines if line not in comments]
    assert not any(re.search(r"[\[\]{}&*|>\"']", line) for line in plain), "block style, nothing quoted"
