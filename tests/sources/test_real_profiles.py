"""The profiles of real models and data sets: valid, pinned or plainly not, of the right widths."""

from pathlib import Path

import pytest

from belle.config.base import parse, read_yaml
from belle.config.data import DataProfile
from belle.config.evaluation_set import EvalProfile, normalize_category
from belle.config.model import ModelProfile

CONFIGS = Path(__file__).resolve().parents[2] / "configs"

# widths as published in each model's config.json
WIDTHS = {
    "llama-7b": ("llama", 4096, 11008),
    "llama-13b": ("llama", 5120, 13824),
    "bloomz-7b1-mt": ("bloom", 4096, 16384),
    "bloomz-560m": ("bloom", 1024, 4096),
    "qwen3-0.6b": ("qwen3", 1024, 3072),
    "qwen3-8b": ("qwen3", 4096, 12288),
    "belle-llama-7b-2m-enc": ("llama", 4096, 11008),
}
FORMATS = {
    "belle-0.5m": "belle",
    "belle-1m": "belle",
    "belle-2m": "belle",
    "belle-3.5m": "sharegpt",
    "belle-school-math": "belle",
    "belle-multiturn-chat": "belle-multiturn",
}


def load(kind, folder: str, name: str):
    path = CONFIGS / folder / f"{name}.yaml"
    return parse(kind, read_yaml(path), path)


@pytest.mark.parametrize("name", WIDTHS)
def test_models(name):
    profile = load(ModelProfile, "model", name)
    assert (profile.architecture, profile.hidden_size, profile.intermediate_size) == WIDTHS[name]
    assert profile.source.kind == "hub"
    assert profile.encrypted == name.endswith("-enc")


@pytest.mark.parametrize("name", FORMATS)
def test_data(name):
    profile = load(DataProfile, "data", name)
    assert profile.source.kind == "hub"
    assert profile.format == FORMATS[name]
    assert profile.license


def test_evaluation_set():
    profile = load(EvalProfile, "eval", "belle")
    assert [file.sha256[:8] for file in profile.source.files] == ["a6a13d99", "6032824a"]
    assert profile.judge_prompts in [file.name for file in profile.source.files]
    assert all(normalize_category(category) == category for category in profile.metrics)
