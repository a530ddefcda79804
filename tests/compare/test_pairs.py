import numpy as np
import pytest

from belle.compare.pair import verdict_of
from belle.compare.pairs import compare_sides
from belle.compare.sides import load_sides
from belle.errors import UserError
from belle.statistics.groups import weights
from belle.statistics.multiple import holm
from belle.statistics.paired import difference
from compare.made_up import CATEGORIES, CATEGORY_OF, SCORES, keep_as_experiment, write_params, write_result


def test_a_worse_choice(shared):
    (pair,) = compare_sides(load_sides(["lora", "main"]), "metrics")
    worse = SCORES * (np.arange(48) % 3 == 0)
    assert pair.overall == difference(worse, SCORES, CATEGORY_OF)
    assert pair.overall.estimate == pytest.approx(float(weights(CATEGORY_OF) @ (worse - SCORES)))
    assert pair.verdict == "worse"
    assert sorted(pair.categories) == sorted(CATEGORIES)
    assert list(pair.category_p.values()) == holm([one.p for one in pair.categories.values()])
    assert pair.same_answers == 22
    assert pair.equivalence is None


def test_all_pairs_or_those_with_the_baseline(shared):
    sides = load_sides(["lora", "main", ":gptq-int4"])
    pairs = compare_sides(sides, "metrics")
    assert [(pair.a.letter, pair.b.letter) for pair in pairs] == [("A", "B"), ("A", "C"), ("B", "C")]
    assert [pair.p for pair in pairs] == holm([pair.overall.p for pair in pairs])
    against = compare_sides(sides, "metrics", sides[1])
    assert [(pair.a.letter, pair.b.letter) for pair in against] == [("A", "B"), ("C", "B")]


def test_a_quantized_variant_is_tested_for_equality(shared):
    (pair,) = compare_sides(load_sides([":gptq-int4", "workspace"]), "metrics")
    assert pair.verdict == "unseen"
    # one of 48 questions differs
    assert pair.equivalence.margin == 0.01 and not pair.equivalence.equivalent
    assert pair.same_answers == 0
    assert compare_sides(load_sides(["lora", "main"]), "metrics", margin=0.5)[0].equivalence.margin == 0.5


def test_questions_lost_on_one_side(repository):
    write_result({"metrics": np.where(np.arange(48) < 9, np.nan, SCORES)})
    (pair,) = compare_sides(load_sides(["workspace", "main"]), "metrics")
    assert (pair.overall.n, pair.overall.lost_a, pair.overall.lost_b) == (39, 9, 0)
    assert pair.unscored_p < 0.01


def test_no_question_in_common(repository):
    first = np.arange(48) < 24
    write_result({"metrics": np.where(first, SCORES, np.nan), "judge": np.where(first, np.nan, SCORES)})
    sides = load_sides(["workspace", "main"])
    assert compare_sides(sides, "metrics")[0].overall.n == 24
    write_result({"metrics": SCORES * np.nan})
    with pytest.raises(UserError, match="workspace and main: no question has a score of metrics on both sides"):
        compare_sides(load_sides(["workspace", "main"]), "metrics")


@pytest.mark.parametrize(
    ("estimate", "p", "verdict"),
    [(0.1, 0.01, "better"), (-0.1, 0.01, "worse"), (0.1, 0.05, "unseen"), (0.0, 0.0, "unseen")],
)
def test_verdicts(estimate, p, verdict):
    assert verdict_of(estimate, p) == verdict


def test_variants_of_other_models_are_not_tested_for_equality(shared):
    (pair,) = compare_sides(load_sides([":gptq-int4", "lora"]), "metrics")
    assert pair.equivalence is None


def test_a_seed_without_any_score(repository):
    for seed, scores in ((2, SCORES), (3, SCORES * np.nan)):
        write_params(seed=seed)
        write_result({"metrics": scores})
        keep_as_experiment(f"seed-{seed}")
    with pytest.raises(UserError, match="seed-3: none of its answers has a score of metrics; leave it out"):
        compare_sides(load_sides(["seed-2,seed-3", "main"]), "metrics")
