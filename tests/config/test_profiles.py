"""The files of configs/: valid, and real models and data sets as their publishers describe them."""

from pathlib import Path

import pytest

from belle.config.base import parse, read_yaml
from belle.config.data import DataProfile
from belle.config.evaluation_set import EvalProfile
from belle.config.model import ModelProfile
from belle.config.reference import KINDS
from belle.estimate.model_size import model_size

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
PROFILES = sorted(path.relative_to(CONFIGS) for path in CONFIGS.glob("*/*.yaml"))

# architecture and number of weights as published
MODELS = {
    "llama-7b": ("llama", 6_738_415_616),
    "llama-13b": ("llama", 13_015_864_320),
    "bloomz-7b1-mt": ("bloom", 7_069_016_064),
    "bloomz-560m": ("bloom", 559_214_592),
    "qwen3-0.6b": ("qwen3", 596_049_920),
    "qwen3-8b": ("qwen3", 8_190_735_360),
    "belle-llama-7b-2m-enc": ("llama", 6_738_415_616),
}
FORMATS = {
    "belle-0.5m": "belle",
    "belle-1m": "belle",
    "belle-2m": "belle",
    "belle-3.5m": "sharegpt",
    "belle-3.5m-with-category": "sharegpt",
    "belle-school-math": "belle",
    "belle-multiturn-chat": "belle-multiturn",
    "belle-generated-chat": "belle",
    "alpaca-3.5-en": "alpaca",
    "alpaca-3.5-zh": "alpaca",
    "alpaca-4-en": "alpaca",
    "alpaca-4-zh": "alpaca",
    "sharegpt": "sharegpt",
}


def load(kind, folder: str, name: str):
    path = CONFIGS / folder / f"{name}.yaml"
    return parse(kind, read_yaml(path), path)


@pytest.mark.parametrize("path", PROFILES, ids=str)
def test_every_profile_is_valid(path):
    parse(KINDS[path.parent.name], read_yaml(CONFIGS / path), path)


def test_there_are_profiles_of_each_kind():
    kinds = {"model", "data", "mixture", "decoding", "endpoint", "eval", "hardware"}
    assert {path.parent.name for path in PROFILES} == kinds


@pytest.mark.parametrize("name", MODELS)
def test_models_have_their_published_number_of_weights(name):
    """The number follows from every width, the layers, the heads and the vocabulary."""
    profile = load(ModelProfile, "model", name)
    assert (profile.architecture, model_size(profile).parameters) == MODELS[name]
    assert profile.source.kind == "hub"
    assert profile.encrypted == name.endswith("-enc")


@pytest.mark.parametrize("name", FORMATS)
def test_data_sets_have_their_published_format(name):
    profile = load(DataProfile, "data", name)
    assert profile.source.kind in ("hub", "dataset", "url")
    assert profile.format == FORMATS[name]
    assert profile.license


def test_profiles_of_the_hub_name_a_commit():
    sources = {path.stem: read_yaml(CONFIGS / path).get("source", {}) for path in PROFILES}
    assert {name for name, source in sources.items() if "repo" in source and not source["revision"]} == set()


def test_belles_evaluation_set_is_pinned_by_checksums():
    profile = load(EvalProfile, "eval", "belle")
    assert [file.sha256[:8] for file in profile.source.files] == ["a6a13d99", "6032824a"]
    assert profile.judge_prompts in [file.name for file in profile.source.files]
