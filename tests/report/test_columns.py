"""What the page says of each system: reasons, times, shares, parameters."""

import json
from pathlib import Path

import numpy as np
import pytest

from belle.compare.results import load_results
from belle.report.columns import cut, params_of, score_of, short_labels, times_of, title_of
from belle.report.data import load_page_data
from report.workspace import SCORES, write

CATEGORIES = ["math", "math", "code"]
UNSCORED = {"math": {"no_metric": 1}, "code": {"no_metric": 1, "no_reference": 1}}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([np.nan, 1, np.nan], {"unscored": 2}),
        ([np.nan, 1, 1], {"unscored": 1}),
        ([1, 1, 1], {}),
    ],
)
def test_reasons_that_are_of_other_questions_are_not_shown(values, expected):
    assert score_of(np.array(values), CATEGORIES, {"unscored": UNSCORED}).unscored == expected


def test_reasons_are_added_over_categories_and_sorted():
    details = {"unscored": {"math": {"no_reference": 1}, "code": {"no_metric": 1}}}
    assert list(score_of(np.array([np.nan, 1, np.nan]), CATEGORIES, details).unscored.items()) == [
        ("no_metric", 1),
        ("no_reference", 1),
    ]


def test_a_category_without_a_score_is_left_out():
    found = score_of(np.array([0.5, 1, np.nan]), CATEGORIES, {})
    assert (found.n, list(found.categories), found.categories["math"].n) == (2, ["math"], 2)


def result(workspace, speed, variant="gptq-int4", **details):
    path = Path(f"metrics/details/eval/{variant}.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | details))
    write("metrics/details/speed.json", json.dumps(speed))
    return load_results([f":{variant}"])[0]


def test_the_time_of_another_quantized_model_is_not_shown(workspace):
    speed = {"quantize gptq-int4": {"seconds": 3.5, "result": "a"}}
    assert times_of(result(workspace, speed, quantized_sha256="a")) == {"quantize_seconds": 3.5}
    assert times_of(result(workspace, speed, quantized_sha256="b")) == {}


def test_the_time_of_other_answers_is_not_shown(workspace):
    speed = {"generate gptq-int4": {"answers_per_second": 40, "result": "a"}, "train": {"seconds": 2}}
    own = {"train_seconds": 2, "answers_per_second": 40}
    assert times_of(result(workspace, speed, answers_sha256="a")) == own
    assert times_of(result(workspace, speed, answers_sha256="b")) == {}


def test_parameters_are_shown_as_yaml_has_them(workspace):
    first, second = load_results([":unquantized", ":gptq-int4"])
    first.params.update(a=None, b={"c": True, "d": 1}, e="empty", g=[1, "二"])
    second.params.update(a="x", b={"c": False, "d": 1}, f=2.5, g=[2])
    assert params_of([first, second]) == [
        {"a": "null", "b.c": "true", "e": "empty", "f": "null", "g": '[1, "二"]'},
        {"a": "x", "b.c": "false", "e": "null", "f": "2.5", "g": "[2]"},
    ]


def test_labels_are_short_for_variants_of_one_experiment(workspace):
    variants = load_results([":unquantized", ":gptq-int4"])
    assert short_labels(variants) == ["unquantized", "gptq-int4"]
    assert title_of(variants, ["unquantized", "gptq-int4"]) == "workspace: unquantized, gptq-int4"
    assert short_labels(variants[1:]) == ["workspace:gptq-int4"]
    assert title_of(variants[1:], ["workspace:gptq-int4"]) == "workspace:gptq-int4"


def test_a_result_is_cut_to_the_questions_of_the_page(workspace):
    (whole,) = load_results([":gptq-int4"])
    whole.repeats["judge"] = np.arange(12.0).reshape(2, 6)
    found = cut(whole, "short", ["q3", "q1"])
    assert (found.label, found.ids, found.categories) == ("short", ["q3", "q1"], ["open qa", "math"])
    assert found.flags == [{"truncated"}, frozenset()]
    assert found.scores["metrics"].tolist() == [SCORES["gptq-int4"][3], SCORES["gptq-int4"][1]]
    assert found.repeats["judge"].tolist() == [[3, 1], [9, 7]]
    assert found.hashes == [whole.hashes[3], whole.hashes[1]]


def test_an_unscored_answer_has_no_score_on_the_page(workspace):
    answers = load_page_data([]).answers
    assert answers[0][4].scores == {"metrics": None} and answers[1][4].scores == {"metrics": 0.25}
