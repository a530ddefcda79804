from dataclasses import replace

import numpy as np

from belle.compare.pairs import compare_sides
from belle.compare.sentences import pair_sentences, seed_sentence, summary_sentences
from belle.compare.sides import load_sides
from compare.made_up import SCORES, commit, keep_as_experiment, write_lock, write_params, write_result


def pairs_of(*names: str):
    return compare_sides(load_sides(names), "metrics")


def test_the_better_one_comes_first(shared):
    forward, backward = pairs_of("main", "lora"), pairs_of("lora", "main")
    expected = "main is better than lora by 0.444 (95 % interval 0.318 to 0.571; p < 0.001)."
    assert pair_sentences(forward[0])[0] == expected
    assert pair_sentences(backward[0])[0] == expected


def test_all_that_is_known_of_two_sides(repository):
    rng = np.random.default_rng(3)
    write_result({"metrics": np.clip(SCORES + rng.choice([0.1, -0.1], 48), 0, 1)})
    (pair,) = pairs_of("workspace", "main")
    found, won = pair.overall, pair.overall.signs
    assert pair_sentences(pair) == [
        f"No difference can be seen between workspace and main: {found.estimate:+.3f} "
        f"(95 % interval {found.low:.3f} to {found.high:.3f}; p = {found.p:.2f}).",
        f"Of 48 questions workspace is better on {won.wins} and main on {won.losses}; {won.ties} are equal "
        f"(sign test p = {won.p:.2f}).",
        "They gave the same answer to 5 of 48 questions.",
        f"This comparison finds a difference of {found.smallest_detectable:.3f} or more four times in five "
        "(power 0.8).",
        f"Comparing question by question makes the interval {100 * found.pairing_gain:.0f} % shorter.",
        "The verdict holds in 5 of 5 other analyses.",
    ]


def test_the_analyses_in_which_the_verdict_does_not_hold_are_named(repository):
    half = np.full(48, 0.5)
    write_result({"metrics": half})
    commit("half")
    jitter = np.random.default_rng(0).normal(0, 0.05, 48)
    write_result({"metrics": half + np.where(np.arange(48) % 4 == 0, 0.3, 0) + jitter - jitter.mean()})
    (pair,) = pairs_of("workspace", "main")
    assert pair_sentences(pair)[-1].startswith(
        "The verdict holds in 4 of 5 other analyses; not in these (without math: +0.009, p = 0.24)"
    )


def test_several_sides(shared):
    found = list(summary_sentences(compare_sides(load_sides(["main", "lora", ":gptq-int4"]), "metrics", margin=0.1)))
    assert found[0].startswith("main is better than lora by 0.444 (95 % interval 0.318 to 0.571; p < 0.001 by Holm).")
    assert found[1].startswith("workspace:gptq-int4 is better than lora by 0.442 (")
    assert found[2] == "No difference can be seen between main and workspace:gptq-int4."
    assert found[3].startswith(
        "Equal within 0.1, by the 90 % interval of the difference: main and workspace:gptq-int4 ("
    )
    assert found[4].startswith("Not shown to be equal within 0.1") and len(found) == 5


def test_an_equality_that_is_not_shown(shared):
    pairs = compare_sides(load_sides(["main", "lora", ":gptq-int4"]), "metrics", margin=0.001)
    told = list(summary_sentences(pairs))[-1]
    assert told.startswith(
        "Not shown to be equal within 0.001, by the 90 % interval of the difference: main and lora ("
    )
    assert told.count(" to ") == 4


def test_what_is_not_known_of_training(shared):
    assert seed_sentence(pairs_of("main", "lora")).startswith(
        "Two trained models; what another training seed would give"
    )
    assert seed_sentence(pairs_of("main", "lora", "v1")).startswith("Single trained models; what another training seed")
    assert seed_sentence(pairs_of("main", ":gptq-int4")).startswith(
        "All answers are of one trained model; what another"
    )


def test_several_seeds(repository):
    for method, shift in (("ft", 0.0), ("lora", 0.2)):
        for seed in (1, 2, 3):
            write_params(method=method, seed=seed)
            write_lock({"models/pretrained": f"p{seed}.dir"}, method=method)
            rng = np.random.default_rng(seed + int(shift * 10))
            write_result({"metrics": np.clip(SCORES - shift + 0.02 * seed + rng.normal(0, 0.1, 48), 0, 1)})
            keep_as_experiment(f"{method}-{seed}")
    (pair,) = pairs_of("ft-1,ft-2,ft-3", "lora-1,lora-2,lora-3")
    assert pair_sentences(pair)[0].startswith("ft-1 (3 seeds) is better than lora-1 (3 seeds) by 0.")
    told = seed_sentence([pair])
    assert told.startswith(
        "ft-1 (3 seeds) and lora-1 (3 seeds): 3 and 3 training seeds, paired by seed; uncertainty from "
    )
    assert "questions" in told


def test_equal_sides_leave_no_uncertainty_to_share_out(repository):
    for seed in (2, 3):
        write_params(seed=seed)
        write_result({"metrics": SCORES})
        keep_as_experiment(f"seed-{seed}")
    (pair,) = pairs_of("seed-2,seed-3", "main")
    assert seed_sentence([pair]) == "seed-2 (2 seeds) and main: 2 and 1 training seeds."


def test_a_gain_of_nothing_is_not_told(shared):
    (pair,) = pairs_of("main", "lora")
    for gain, told in ((0.004, False), (0.005, True), (None, False)):
        sentences = pair_sentences(replace(pair, overall=replace(pair.overall, pairing_gain=gain)))
        assert any("Comparing question by question" in one for one in sentences) == told
