"""`generate_data` in params.yaml: what `belle check` refuses, and what the stage depends on."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from belle.config.check import find_problems
from belle.config.write_downloads import write_downloads

ON = {"generate_data.enabled": True}


def write_seeds(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    YAML().dump({"outs": [{"md5": "0" * 32, "path": path.name}]}, path.with_name(f"{path.name}.dvc"))


@pytest.mark.parametrize(
    ("params", "endpoint", "words"),
    [
        ({"data.sources": ["self-instruct"]}, {}, "set generate_data.enabled to true"),
        ({**ON, "generate_data.requests": 0}, {}, "nothing is asked for"),
        (ON, {"allow_undated": False}, "name a dated snapshot"),
        ({**ON, "generate_data.budget.money": 1.0}, {"input_price": None}, "write input_price and output_price"),
        (
            {**ON, "generate_data.budget.tokens": None},
            {"output_price": None},
            "budget.tokens: what tokens of local cost is not known",
        ),
        ({**ON, "generate_data.seed_tasks": "seeds.json"}, {}, "not below inputs/"),
        ({**ON, "generate_data.seed_tasks": "inputs/seeds.json"}, {}, "no such file"),
        ({"generate_data.endpoint": "locall"}, {}, "did you mean local?"),
    ],
)
def test_what_does_not_fit_is_one_line(change, params, endpoint, words):
    change("params.yaml", params)
    change("configs/endpoint/local.yaml", endpoint)
    (problem,) = find_problems()
    assert words in problem and problem.startswith("params.yaml: ")


def test_off_it_is_not_looked_at(change):
    change("params.yaml", {"generate_data.requests": 0, "generate_data.budget.money": 1.0})
    change("configs/endpoint/local.yaml", {"allow_undated": False, "input_price": None})
    assert find_problems() == []


def test_generated_conversations_have_one_format(change):
    change("params.yaml", {**ON, "data.sources": ["self-instruct"]})
    assert find_problems() == []
    change("configs/data/self-instruct.yaml", {"format": "sharegpt"})
    (problem,) = find_problems()
    assert "format openai" in problem


def planned() -> dict:
    write_downloads(Path("data/check"))
    return json.loads(Path("data/check/generate_data.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("params.yaml", {"generate_data.budget.tokens": 5}),
        ("params.yaml", {"data.limit": 5}),
        ("configs/endpoint/local.yaml", {"base_url": "http://127.0.0.1:9/v1"}),
        ("configs/endpoint/local.yaml", {"max_concurrency": 9, "timeout_seconds": 1.0, "requests_per_minute": 5}),
        ("configs/endpoint/local.yaml", {"api_key_variable": "OTHER_KEY"}),
    ],
)
def test_how_a_model_is_reached_generates_nothing_anew(change, file, changes):
    Path("data/check").mkdir(parents=True)
    change("params.yaml", ON)
    before = planned()
    change(file, changes)
    assert planned() == before


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("params.yaml", {"seed": 7}),
        ("params.yaml", {"generate_data.requests": 5}),
        ("params.yaml", {"generate_data.sampling.temperature": 0.5}),
        ("configs/endpoint/local.yaml", {"model": "other"}),
        ("configs/endpoint/local.yaml", {"input_price": 1.0}),
    ],
)
def test_what_is_asked_of_which_model_does(change, file, changes):
    Path("data/check").mkdir(parents=True)
    assert planned() == {"generation": None}
    change("params.yaml", ON)
    before = planned()
    change(file, changes)
    assert planned() != before


def test_a_file_of_seed_tasks_counts_by_its_content(change):
    Path("data/check").mkdir(parents=True)
    write_seeds(Path("inputs/seeds.json"))
    change("params.yaml", {**ON, "generate_data.seed_tasks": "inputs/seeds.json"})
    assert find_problems() == []
    assert planned()["generation"]["tracked"] == "0" * 32
