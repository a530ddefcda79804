import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from belle.compare.as_json import as_json
from belle.compare.notes import notes_of
from belle.compare.pair import Pair
from belle.compare.pair_tables import analyses_table, pairs_table
from belle.compare.pairs import compare_sides
from belle.compare.scoring_differences import PARSER_CODE
from belle.compare.sentences import pair_sentences, summary_sentences
from belle.compare.sides import load_sides
from belle.judge import parse
from compare.made_up import SCORES, commit, write_lock, write_params, write_result

WORSE = SCORES * (np.arange(48) % 3 == 0)


def write_judged(scores: np.ndarray = SCORES, model: str = "one", **judge: object) -> None:
    """Write the result of a judge, asked as `judge` says."""
    asked = {"output": "text", "temperature": 0.0, "repeats": 1} | judge
    write_params(evaluate={"set": "mini", "judge": asked})
    write_result({"judge": scores}, judges={"judge": {"model": model, "reported_models": {model: 48}}})


def judged_otherwise(**judge: object) -> Callable[[], None]:
    return lambda: write_judged(WORSE, **judge)


def other_prompts() -> None:
    write_lock(prompts="j2")
    write_judged(WORSE)


def compared(scorer: str) -> tuple[Pair, list[str]]:
    sides = load_sides(["main", "workspace"])
    (pair,) = compare_sides(sides, scorer, margin=0.5)
    return pair, notes_of(sides, [pair], scorer)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (judged_otherwise(model="two"), "judged by one and by two"),
        (other_prompts, "judged with other prompts (data/eval/judge_prompts.json)"),
        (judged_otherwise(output="json"), "evaluate.judge.output is text and json"),
        (judged_otherwise(temperature=None), "evaluate.judge.temperature is 0.0 and None"),
    ],
)
def test_a_side_that_was_judged_otherwise_is_not_called_better(repository, change, told):
    write_judged()
    commit("judged")
    change()
    pair, notes = compared("judge")
    assert pair.scoring_differences == [told] and pair.verdict == "not comparable"
    first = pair_sentences(pair)[0]
    assert first.startswith("The difference between main and workspace, +0.444 (95 % interval 0.3")
    assert first.endswith(f"does not say which is better: they were not scored alike ({told}).")
    assert f"main and workspace were not scored alike: {told}" in notes
    assert not any("equal within" in one.casefold() for one in pair_sentences(pair))
    assert list(summary_sentences([pair])) == [first]
    # a verdict that is not given holds nowhere, and a higher score is no better answer
    assert pair.holding is None and len(pair_sentences(pair)) == 3
    assert pair_sentences(pair)[1].startswith("Of 48 questions main has the higher score on 2")
    assert "workspace is" not in analyses_table(pair).header and "A is" not in analyses_table(pair).header
    assert pairs_table([pair]).rows[0][-1] == ""
    found = json.loads(as_json([pair.a, pair.b], [pair], "judge", [], []))["pairs"][0]
    assert found["analyses_with_the_same_verdict"] is None and {one["verdict"] for one in found["analyses"]} == {None}


def test_more_repeats_are_the_same_judge(repository):
    write_judged()
    commit("judged")
    write_judged(WORSE, repeats=3)
    pair, _ = compared("judge")
    assert pair.scoring_differences == [] and pair.verdict == "better"


def test_other_metrics(repository):
    write_lock(math="exact_match")
    write_result({"metrics": WORSE})
    assert compared("metrics")[0].scoring_differences == ["other metrics score math"]


def test_metrics_of_categories_without_a_question_do_not_matter(repository):
    lock = YAML().load(Path("dvc.lock"))
    lock["stages"]["score unquantized"]["params"]["configs/eval/mini.yaml"]["metrics"]["translation"] = "chrf"
    YAML().dump(lock, Path("dvc.lock"))
    write_result({"metrics": WORSE})
    assert compared("metrics")[0].verdict == "better"


def test_a_scorer_that_has_not_scored_alike_is_no_other_analysis(repository):
    write_result({"judge": SCORES, "metrics": SCORES})
    commit("judged")
    write_result({"judge": WORSE, "metrics": WORSE})
    assert "scored by metrics" in [one.name for one in compared("judge")[0].analyses]
    write_lock(math="exact_match")
    assert "scored by metrics" not in [one.name for one in compared("judge")[0].analyses]


def test_another_version_of_the_code_is_a_note_alone(repository):
    write_result({"metrics": WORSE}, metrics_sha256="m2")
    pair, notes = compared("metrics")
    assert pair.verdict == "better" and any("two versions of the metrics, which may differ" in one for one in notes)


def test_another_parser_of_replies_is_a_note_alone(repository):
    write_judged()
    commit("judged")
    write_lock(parser="p2")
    write_judged(WORSE)
    pair, notes = compared("judge")
    assert pair.verdict == "better" and any("two parser versions, which may differ" in one for one in notes)


def test_the_parser_is_what_parse_imports_of_its_folder():
    imported = set(re.findall(r"^from belle\.judge\.(\w+)", Path(parse.__file__).read_text(), re.MULTILINE))
    assert {Path(path).stem for path in PARSER_CODE} == imported | {"parse"}


def test_equal_answers_with_other_scores_are_no_better_ones(repository):
    texts = [str(number) for number in range(48)]
    write_result({"metrics": SCORES}, texts=texts)
    commit("as one measure has it")
    write_result({"metrics": WORSE}, texts=texts)
    pair, _ = compared("metrics")
    assert pair.verdict == "not comparable"
    assert pair_sentences(pair)[0].endswith("gave the same answers to all questions, so it comes from the scoring.")


def test_people_score_whatever_a_judge_was_asked(repository):
    write_judged()
    write_result({"human:Li": SCORES})
    commit("people")
    write_judged(model="two")
    write_result({"human:Li": WORSE})
    assert compared("human:Li")[0].verdict == "better"


def test_what_is_not_known_is_no_difference(repository):
    write_params(evaluate={"set": "mini"})
    write_lock(prompts="j2")
    write_result({"judge": SCORES, "metrics": SCORES})
    commit("without what the judge was asked")
    write_judged(WORSE, model="nobody")
    lock = YAML().load(Path("dvc.lock"))
    for name in ("judge unquantized", "score unquantized"):
        lock["stages"][name]["deps"], lock["stages"][name]["params"] = [], {}
    YAML().dump(lock, Path("dvc.lock"))
    assert compared("judge")[0].scoring_differences == []
    write_result({"metrics": WORSE})
    assert compared("metrics")[0].scoring_differences == []
