"""The page and the command say what `belle compare` says before it claims a difference."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from belle.compare.notes import notes_of
from belle.compare.pairs import compare_sides
from belle.compare.results import load_results
from belle.compare.side import Side
from belle.report.command import write_report
from belle.report.data import load_page_data
from belle.report.differences import pairs_with_first
from belle.report.notes import print_warnings
from report.workspace import QUESTIONS, SCORES, write, write_variant

NAMES = [":unquantized", ":gptq-int4"]


def test_the_notes_are_those_of_belle_compare(workspace):
    write_variant("unquantized", SCORES["unquantized"], judge=[0.9, 0.1, 0.8, 1.0, 0.3, 0.5])
    write_variant("gptq-int4", SCORES["gptq-int4"], judge=[0.9, 0.1, 0.2, 1.0, 0.3, 0.5])
    details = Path("metrics/details/eval/gptq-int4.json")
    details.write_text(json.dumps({"judges": {"judge": {"reported_models": {"other": 6}}}}))
    sides = [Side("", one.variant, (replace(one, label=one.variant),)) for one in load_results(NAMES)]
    found = load_page_data(NAMES).warnings
    for scorer in ("metrics", "judge"):
        expected = notes_of(sides, compare_sides(sides, scorer, baseline=sides[0]), scorer)
        assert list(found[scorer]) == expected
    assert any("judged by nobody and by other" in note for note in found["judge"])
    differences = load_page_data(NAMES).differences
    assert {one.scorer: one.comparable for one in differences} == {"metrics": True, "judge": False}
    assert all(one.equal_within is None for one in differences if one.scorer == "judge")
    assert not any("judged by" in note for note in found["metrics"])


def test_answers_that_are_unscored_more_often_on_one_side_are_told(workspace):
    questions = [(f"q{number}", "math") for number in range(20)]
    write_variant("unquantized", [1] * 20, questions)
    write_variant("gptq-int4", [None] * 10 + [1] * 10, questions)
    (notes,) = load_page_data(NAMES).warnings.values()
    assert any("10 of gptq-int4 and 0 of unquantized of 20" in note for note in notes)


def test_one_result_alone_is_stale_too(workspace, capsys):
    write("params.yaml", "checkpoint: trained")
    write_report([":unquantized"], Path("page.html"))
    printed = capsys.readouterr()
    assert printed.err.startswith("note: workspace: scores of other params or inputs than those beside them")
    assert printed.out.startswith("page.html: 1 system, 6 questions, ")


def test_seeds_are_spoken_of_where_systems_are_compared(workspace):
    for names, expected in ((NAMES, ["noteSeeds"]), (NAMES[:1], [])):
        assert [note.name for note in load_page_data(names).notes] == expected


def test_a_system_without_a_scorer_is_not_spoken_of_there(workspace):
    write_variant("gguf-q8_0", SCORES["gptq-int4"], judge=[0.5] * 6)
    warnings = load_page_data([*NAMES, ":gguf-q8_0"]).warnings
    assert any(note.startswith("gptq-int4: ") for note in warnings["metrics"])
    assert warnings["judge"] and not any("gptq-int4" in note for note in warnings["judge"])


def test_one_question_is_not_several(workspace, capsys):
    for variant in SCORES:
        write_variant(variant, [1], QUESTIONS[:1])
    write_report([], Path("page.html"))
    assert capsys.readouterr().out.startswith("page.html: 2 systems, 1 question, ")


def test_warnings_are_printed_once_and_name_the_scorer_where_it_matters(capsys):
    print_warnings({"metrics": ("old", "metrics differ"), "judge": ("old",), "human:li": ("old",)})
    assert capsys.readouterr().err == "note: old\nnote: metrics: metrics differ\n"


def test_systems_without_a_common_scored_question_are_not_compared(workspace):
    write_variant("unquantized", [1, None, 1, None, 1, None])
    write_variant("gptq-int4", [None, 1, None, 1, None, 1])
    results = load_results(NAMES)
    assert pairs_with_first(results, "metrics") == {}
    assert pairs_with_first(results, "judge") == {}
    data = load_page_data(NAMES)
    assert data.differences == () and set(data.warnings) == {"metrics"}


def test_a_system_without_the_scorer_is_passed_over(workspace):
    write_variant("gguf-q8_0", SCORES["gptq-int4"], judge=[0.5] * 6)
    results = load_results([*NAMES, ":gguf-q8_0"])
    assert list(pairs_with_first(results, "metrics")) == [1, 2]
    assert pairs_with_first(results, "judge") == {}
    results[0].scores["judge"] = np.full(6, 0.4)
    assert list(pairs_with_first(results, "judge")) == [2]
    assert pairs_with_first(results, "judge")[2].overall.estimate > 0, "a system less the first one"
