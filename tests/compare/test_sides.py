from dataclasses import replace

import numpy as np
import pytest

from belle.compare.results import load_results
from belle.compare.sides import choose_scorer, differing_params, load_sides, paired_by_seed
from belle.errors import UserError
from compare.made_up import SCORES, keep_as_experiment, write_lock, write_params, write_result


def keep_seeds(method: str, shift: float, pretrained: str = "p{}.dir") -> None:
    """Keep three experiments METHOD-1 to -3 that differ in the seed; `pretrained`: hash by seed."""
    for seed in (1, 2, 3):
        write_params(method=method, seed=seed)
        write_lock({"models/pretrained": pretrained.format(seed)}, method=method)
        write_result({"metrics": np.clip(SCORES - shift - 0.01 * seed, 0, 1)})
        keep_as_experiment(f"{method}-{seed}")


def test_sides_are_lettered_in_the_order_of_their_names(shared):
    sides = load_sides(["lora", "main", ":gptq-int4"])
    assert [(side.letter, side.label) for side in sides] == [("A", "lora"), ("B", "main"), ("C", "workspace:gptq-int4")]
    assert sides[0].scores("metrics").shape == (1, 48)
    assert sides[0].flagged("truncated").nonzero()[0].tolist() == [1, 2]


@pytest.mark.parametrize("names", [[], ["main"]])
def test_nothing_to_compare(shared, names):
    with pytest.raises(UserError, match="name two or more"):
        load_sides(names)


def test_too_many(shared):
    with pytest.raises(UserError, match="27 names; at most 26"):
        load_sides([f"experiment-{number}" for number in range(27)])


def test_the_judge_is_chosen_before_the_metrics(repository):
    write_result({"metrics": SCORES, "judge": SCORES, "human:Li": SCORES})
    keep_as_experiment("judged")
    write_result({"human:Li": SCORES, "metrics": SCORES, "judge": SCORES})
    both = load_sides(["judged", "workspace"])
    assert choose_scorer(both, None) == "judge"
    assert choose_scorer(both, "human:Li") == "human:Li"
    assert choose_scorer(load_sides(["judged", "main"]), None) == "metrics"
    with pytest.raises(UserError, match=r"no scores of 'judge' on every side: judged has .*; main has metrics"):
        choose_scorer(load_sides(["judged", "main"]), "judge")


def test_no_scorer_in_common(repository):
    write_result({"judge": SCORES})
    with pytest.raises(
        UserError, match=r"no scorer in common: main has metrics; workspace has judge.*evaluate\.scorer"
    ):
        choose_scorer(load_sides(["main", "workspace"]), None)


def test_params_that_differ(shared):
    found = differing_params(load_results(["main", "lora", "again"]))
    assert found == {"seed": [1, 1, 2], "train.method": ["ft", "lora", "ft"]}
    main, lora = load_results(["main", "lora"])
    assert differing_params([main, replace(lora, params=main.params | {"more": {"deep": 1}})]) == {
        "more.deep": [None, 1]
    }


def test_seeds_of_one_choice_are_one_side(repository):
    keep_seeds("ft", 0.0)
    keep_seeds("lora", 0.1)
    ft, lora = load_sides(["ft-3,ft-1,ft-2", "lora-1,lora-2,lora-3"])
    assert ft.label == "ft-3 (3 seeds)"
    assert ft.seeds == (1, 2, 3)
    assert ft.scores("metrics").shape == (3, 48)
    assert paired_by_seed(ft, lora)
    assert not paired_by_seed(ft, load_sides(["ft-1,ft-2", "lora-1,lora-2"])[1])


def test_seeds_do_not_pair_without_what_each_seed_made(repository):
    keep_seeds("ft", 0.0, "same.dir")
    keep_seeds("lora", 0.1, "same.dir")
    assert not paired_by_seed(*load_sides(["ft-1,ft-2", "lora-1,lora-2"]))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("main,lora", "main, lora: training seeds of one choice differ in `seed` alone, these in train.method"),
        ("main,main:gptq-int4", "are of one variant"),
        ("main,HEAD", "main and HEAD have the same seed"),
    ],
)
def test_no_seeds_of_one_choice(shared, name, message):
    with pytest.raises(UserError, match=message):
        load_sides([name, "workspace"])
