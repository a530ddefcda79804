"""`evaluate.judge` in params.yaml: what `belle check` refuses, and what the judge stages depend on."""

import json
from pathlib import Path

import pytest

from belle.config.check import find_problems
from belle.config.write_downloads import write_downloads

ON = {"evaluate.scorer": "both", "evaluate.set": "belle"}
NO_PRICE = {"input_price": None, "output_price": None}


@pytest.mark.parametrize(
    ("params", "endpoint", "words"),
    [
        ({"evaluate.scorer": "judge"}, {}, "mini.yaml names no judge_prompts"),
        (ON, {"allow_undated": False}, "name a dated snapshot"),
        ({**ON, "evaluate.judge.budget.money": 1.0}, NO_PRICE, "write input_price and output_price"),
        ({**ON, "evaluate.judge.second_endpoint": "local"}, {}, "local is the judge already"),
        ({**ON, "evaluate.judge.anchor_round": 1}, {}, "nothing is judged again"),
        ({"evaluate.judge.endpoint": "locall"}, {}, "did you mean local?"),
        ({"evaluate.judge.second_endpoint": "opena"}, {}, "did you mean openai?"),
    ],
)
def test_what_does_not_fit_is_one_line(change, params, endpoint, words):
    change("params.yaml", params)
    change("configs/endpoint/local.yaml", endpoint)
    (problem,) = find_problems()
    assert words in problem and problem.startswith("params.yaml: ")


def test_a_second_judge_is_checked_as_the_first_is(change):
    change("params.yaml", {**ON, "evaluate.judge.second_endpoint": "openai"})
    assert find_problems() == []
    change("configs/endpoint/openai.yaml", {"model": "gpt-4.1-mini"})
    (problem,) = find_problems()
    assert problem.startswith("params.yaml: evaluate.judge.second_endpoint: ") and "no date" in problem


def test_with_metrics_alone_no_judge_is_looked_at(change):
    change("params.yaml", {"evaluate.judge.second_endpoint": "local", "evaluate.judge.anchor_round": 2})
    change("configs/endpoint/local.yaml", {"allow_undated": False, **NO_PRICE})
    assert find_problems() == []


def planned() -> dict:
    write_downloads(Path("data/check"))
    return json.loads(Path("data/check/judge.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("file", "changes", "matters"),
    [
        ("params.yaml", {"evaluate.judge.budget.tokens": 5}, False),
        ("params.yaml", {"evaluate.scorer": "judge"}, False),
        ("configs/endpoint/local.yaml", {"base_url": "http://127.0.0.1:9/v1", "max_concurrency": 9}, False),
        ("params.yaml", {"evaluate.judge.repeats": 2}, True),
        ("params.yaml", {"evaluate.judge.second_endpoint": "openai"}, True),
        ("configs/endpoint/local.yaml", {"model": "other"}, True),
        ("configs/endpoint/local.yaml", {"structured": "none"}, False),
    ],
)
def test_what_the_judgments_depend_on(change, file, changes, matters):
    Path("data/check").mkdir(parents=True)
    assert planned() == {"judging": None}
    change("params.yaml", ON)
    before = planned()
    change(file, changes)
    assert (planned() != before) == matters


def test_how_a_server_is_told_of_a_schema_matters_where_it_is(change):
    Path("data/check").mkdir(parents=True)
    change("params.yaml", {**ON, "evaluate.judge.output": "json"})
    before = planned()
    change("configs/endpoint/local.yaml", {"structured": "none"})
    assert planned() != before
