"""The data of a page from a workspace as the stages leave it."""

import json
from pathlib import Path

import numpy as np
import pytest

from belle.compare.pairs import compare_sides
from belle.compare.results import load_results
from belle.compare.side import Side
from belle.errors import UserError
from belle.report.columns import DIGITS
from belle.report.command import write_report
from belle.report.data import load_page_data
from belle.score.hashes import rating_hash
from belle.statistics.single import macro_interval
from report.workspace import QUESTIONS, SCORES, write_variant


def test_without_names_every_variant_of_the_workspace_is_shown(workspace):
    data = load_page_data([])
    assert [system.label for system in data.systems] == ["unquantized", "gptq-int4"]
    assert data.title == "workspace: unquantized, gptq-int4"
    assert [question.id for question in data.questions] == [one for one, _ in QUESTIONS]
    assert data.answers[0][0].key == rating_hash("q0", "答1")
    assert data.answers[1][3].flags == ("truncated",)
    assert [answer.scores["metrics"] for answer in data.answers[0]] == SCORES["unquantized"]
    assert data.systems[1].times == {"train_seconds": 12.5, "answers_per_second": 40}
    assert data.systems[1].shares == {"truncated": round(1 / 6, 6)}


def test_scores_have_the_intervals_of_the_estimators(workspace):
    score = load_page_data([]).systems[0].scores["metrics"]
    values = np.array([np.nan if one is None else one for one in SCORES["unquantized"]])
    expected = macro_interval(values, [category for _, category in QUESTIONS])
    assert (score.score, score.low, score.high, score.n) == (
        *(round(one, DIGITS) for one in (expected.estimate, expected.low, expected.high)),
        5,
    )
    assert score.unscored == {"no_metric": 1}
    assert score.categories["math"].score == 0.5


def test_differences_are_from_the_first_over_questions_scored_on_both_sides(workspace):
    whole, *parts = load_page_data([":gptq-int4", ":unquantized"]).differences
    assert (whole.system, whole.category, whole.n) == (1, None, 5)
    assert (whole.wins, whole.ties, whole.losses) == (1, 4, 0)
    assert whole.estimate == pytest.approx(1 / 3 / 3, abs=1e-4), "code is a third of `others`, a third of the score"
    assert {part.category for part in parts} == {"math", "code", "open qa", "rewrite"}


def test_differences_are_those_of_belle_compare(workspace):
    first, second = (Side("", result.label, (result,)) for result in load_results([":unquantized", ":gptq-int4"]))
    (pair,) = compare_sides([first, second], "metrics", baseline=first)
    whole, *parts = load_page_data([]).differences
    assert (whole.estimate, whole.low, whole.high, whole.adjusted) == pytest.approx(
        (pair.overall.estimate, pair.overall.low, pair.overall.high, pair.p), abs=1e-4
    )
    assert (whole.equal_within is not None) == pair.equivalence.equivalent
    assert {part.category: part.adjusted for part in parts} == pytest.approx(pair.category_p, abs=1e-5)


def test_p_values_are_adjusted_over_pairs_and_over_categories(workspace):
    questions = [(f"q{number}", ("math", "rewrite", "open qa")[number % 3]) for number in range(90)]
    for place, variant in enumerate((*SCORES, "gguf-q8_0")):
        write_variant(variant, [float(number % 10 < 5 + place) for number in range(90)], questions)
    names = [":unquantized", ":gptq-int4", ":gguf-q8_0"]
    sides = [Side("", result.label, (result,)) for result in load_results(names)]
    pairs = compare_sides(sides, "metrics", baseline=sides[0])
    found = load_page_data(names).differences
    assert [one.adjusted for one in found if one.category is None] == [round(pair.p, DIGITS) for pair in pairs]
    assert any(pair.p > pair.overall.p for pair in pairs), "the adjustment shows"
    for pair, system in zip(pairs, (1, 2), strict=True):
        own = {one.category: one.adjusted for one in found if one.category and one.system == system}
        assert own == {name: round(p, DIGITS) for name, p in pair.category_p.items()}
        assert any(pair.category_p[name] > part.p for name, part in pair.categories.items())


def test_variants_that_answer_alike_are_equal_within_a_margin(workspace):
    questions = [(f"q{number}", "math") for number in range(900)]
    for variant in SCORES:
        write_variant(variant, [number % 2 for number in range(900)], questions)
    whole, _ = load_page_data([]).differences
    assert (whole.estimate, whole.equal_within) == (0, 0.01)


def test_judges_and_people_are_compared_over_distinct_answers(workspace):
    write_variant("unquantized", SCORES["unquantized"], judge=[0.9, 0.1, 0.8, 1.0, 0.3, 0.5])
    write_variant("gptq-int4", SCORES["gptq-int4"], judge=[0.9, 0.1, 0.2, 1.0, 0.3, 0.5])
    details = Path("metrics/details/eval/gptq-int4.json")
    measures = {"n": 3, "kappa": 0.5, "spearman": None, "bias": 0.1, "absolute": 0.1}
    measures |= {"alpha": 0.5, "alpha_low": None, "alpha_high": None}
    details.write_text(json.dumps({"agreement": {"metrics, judge": {}, "human:anna, again": measures}}))
    found, again = load_page_data([]).agreements
    assert (again.first, again.second, again.system, again.n, again.distance) == ("human:anna", None, 1, 3, 0.1)
    assert (found.first, found.second) == ("metrics", "judge")
    assert found.n == 7, "four answers are the same in both variants"


def test_questions_that_not_all_have_are_left_out(workspace):
    write_variant("gptq-int4", SCORES["gptq-int4"][1:], QUESTIONS[1:])
    data = load_page_data([])
    assert [question.id for question in data.questions] == ["q1", "q2", "q3", "q4", "q5"]
    assert [answer.text for answer in data.answers[0]] == ["答0", "答1", "答1", "答None", "答0.5"]
    assert ("noteShared", {"count": "1"}) in [(note.name, note.values) for note in data.notes]


def test_answers_to_other_questions_are_refused(workspace):
    write_variant("gptq-int4", SCORES["gptq-int4"], word="另一")
    with pytest.raises(UserError, match=r"gptq-int4: question q0 is another one in each"):
        load_page_data([])
    write_variant("gptq-int4", [1], [("elsewhere", "math")])
    with pytest.raises(UserError, match="no question in common"):
        load_page_data([])


def test_an_answer_that_is_missing_is_named(workspace):
    path = Path("eval/gptq-int4/answers.jsonl")
    path.write_text(path.read_text().split("\n", 1)[1])
    with pytest.raises(UserError, match=r"^workspace:gptq-int4: no answer to question q0; run its generate stage"):
        load_page_data([])


def test_scorers_of_different_answers_do_not_agree(workspace):
    """One has scored the answers of one variant alone, the other those of the other one."""
    write_variant("unquantized", [1, 0.1, 1, 0.2, 1, 0.3])
    write_variant("gptq-int4", [None] * 6, judge=[0.9] * 6)
    data = load_page_data([])
    assert data.agreements == ()
    assert [list(system.scores) for system in data.systems] == [["metrics"], ["judge"]]


def test_more_than_fit_are_refused(workspace, capsys):
    for number in range(6):
        write_variant(f"v{number}", SCORES["gptq-int4"])
    with pytest.raises(UserError, match="7 results do not fit"):
        load_page_data([f":{variant}" for variant in (*SCORES, *(f"v{number}" for number in range(5)))])
    with pytest.raises(UserError, match="name at most 6"):
        load_page_data([f":{variant}" for variant in (*SCORES, *(f"v{number}" for number in range(6)))])
    assert len(load_page_data([]).systems) == 6
    assert "left out: :v4 :v5" in capsys.readouterr().err


def test_nothing_is_written_when_answers_are_missing(workspace):
    Path("eval/gptq-int4/answers.jsonl").unlink()
    with pytest.raises(UserError, match="answers"):
        write_report([], Path("page.html"))
    assert not Path("page.html").exists()


def test_the_page_is_written_and_its_digest_told(workspace, capsys):
    write_report([], Path("page.html"))
    first = Path("page.html").read_bytes()
    printed = capsys.readouterr().out
    assert printed.startswith("page.html: 2 systems, 6 questions, ")
    assert f'data-digest="{printed.split()[-1]}"' in first.decode()
    write_report([":unquantized", ":gptq-int4"], Path("page.html"))
    assert Path("page.html").read_bytes() == first


def test_a_directory_is_no_page(workspace):
    Path("pages").mkdir()
    with pytest.raises(UserError, match=r"^pages: a directory; name a file, as in `-o pages/report\.html`"):
        write_report([], Path("pages"))


def test_the_third_digit_is_that_of_belle_compare(workspace):
    """Rounded to 0.7635 first, 0.76354 would be shown as 0.763."""
    scores = [0.76354, 0.76354, 0.76354, 0.76354, 0.76354, 0.76354]
    write_variant("unquantized", scores)
    score = load_page_data([]).systems[0].scores["metrics"].score
    assert f"{score:.3f}" == f"{np.mean(scores):.3f}" == "0.764"
