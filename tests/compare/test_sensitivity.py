import numpy as np
import pytest

from belle.compare.pairs import compare_sides
from belle.compare.sensitivity import other_analyses
from belle.compare.sides import load_sides
from belle.statistics.paired import difference
from compare.made_up import (
    CATEGORIES,
    CATEGORY_OF,
    SCORES,
    keep_as_experiment,
    write_lock,
    write_params,
    write_result,
)

NAMES = np.array(CATEGORY_OF)


def test_the_analyses_of_two_sides(shared):
    lora, main = load_sides(["lora", "main"])
    found = {one.name: one.difference for one in other_analyses(lora, main, "metrics", False)}
    assert list(found) == [
        "without truncated (2)",
        "without contaminated (1)",
        "micro average",
        *(f"without {name}" for name in sorted(CATEGORIES)),
    ]
    worse, kept = SCORES * (np.arange(48) % 3 == 0), NAMES != "math"
    assert found["without math"] == difference(worse[kept], SCORES[kept], NAMES[kept])
    assert found["without truncated (2)"].n == 46
    assert found["micro average"].estimate == pytest.approx(np.mean(worse - SCORES))


def test_answers_of_either_side_are_left_out(repository):
    write_result({"metrics": SCORES}, flags={1: "truncated", 5: "contaminated"})
    keep_as_experiment("first")
    write_result({"metrics": SCORES / 2}, flags={1: "truncated", 2: "truncated", 3: "empty"})
    for names in (["first", "workspace"], ["workspace", "first"]):
        found = {one.name: one.difference.n for one in other_analyses(*load_sides(names), "metrics", False)}
        assert found["without truncated (2)"] == 46 and found["without contaminated (1)"] == 47
        assert not any("empty" in name for name in found)


def test_other_scorers_that_both_have(repository):
    rng = np.random.default_rng(0)
    second = np.round(rng.random(48), 1)
    write_result({"judge": SCORES, "second_judge": second, "human:Li": SCORES})
    keep_as_experiment("judged")
    write_result({"judge": SCORES * 0.5, "second_judge": second, "human:Li": SCORES, "metrics": SCORES})
    (pair,) = compare_sides(load_sides(["judged", "workspace"]), "judge")
    names = [one.name for one in pair.analyses]
    assert names[0] == "scored by second_judge"
    # what a person says is told apart
    assert "scored by human:Li" not in names
    assert pair.verdict == "better"
    assert pair.holding == len(names) - 1


def test_a_set_of_one_category_is_not_left_out(repository):
    path = repository / "metrics/details/eval/unquantized.answers.tsv"
    text = path.read_text()
    for name in CATEGORIES:
        text = text.replace(f"\t{name}\t", "\tall\t")
    path.write_text(text)
    keep_as_experiment("one")
    path.write_text(text)
    one, workspace = load_sides(["one", "workspace"])
    assert [found.name for found in other_analyses(one, workspace, "metrics", False)] == ["micro average"]


def test_paired_seeds_that_lack_the_scores_of_different_questions(repository):
    even = np.arange(48) % 2 == 0
    for method, gaps in (("ft", (even, ~even)), ("lora", (~even, even))):
        for seed, gap in enumerate(gaps, start=1):
            write_params(method=method, seed=seed)
            write_lock({"models/pretrained": f"p{seed}.dir"}, method=method)
            # all but the first 12 questions are scored with one seed on one side, with the other on the other
            scores = np.where(gap & (np.arange(48) >= 12), np.nan, SCORES - seed / 10)
            write_result({"metrics": scores, "judge": np.where(gap, np.nan, SCORES)})
            keep_as_experiment(f"{method}-{seed}")
    (pair,) = compare_sides(load_sides(["ft-1,ft-2", "lora-1,lora-2"]), "metrics")
    assert pair.overall.paired_seeds and pair.overall.n == 12
    assert all(one.n == 3 for one in pair.categories.values())
    assert "scored by judge" not in [one.name for one in pair.analyses]
