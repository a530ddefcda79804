import numpy as np
import pytest

from belle.compare.judge_noise import judge_noise
from belle.compare.pairs import compare_sides
from belle.compare.sentences import seed_sentence
from belle.compare.sides import load_sides
from belle.statistics.groups import weights
from compare.made_up import CATEGORY_OF, SCORES, keep_as_experiment, write_judgments, write_params, write_result

REPEATS = np.stack([SCORES, np.clip(SCORES + 0.1, 0, 1), np.clip(SCORES - 0.1, 0, 1)])


def test_repeats_of_both_sides_add_up(repository):
    write_result({"judge": REPEATS.mean(axis=0)})
    write_judgments(REPEATS)
    keep_as_experiment("judged")
    write_result({"judge": SCORES * 0.5})
    write_judgments(SCORES[None])
    sides = load_sides(["judged", "workspace"])
    assert list(sides[0].first.repeats) == ["judge"]
    # one reading shows nothing of the judge's noise
    assert sides[1].first.repeats == {}
    within = REPEATS.var(axis=0, ddof=1).mean()
    expected = float((weights(CATEGORY_OF) ** 2).sum() * within / 3)
    assert judge_noise(*sides, "judge", paired=False) == pytest.approx(expected)
    pairs = compare_sides(sides, "judge")
    assert pairs[0].overall.variance.judge == pytest.approx(expected)
    share = f"{expected / pairs[0].overall.variance.total:.0%}".replace("%", " %")
    assert (
        f"judged and workspace: uncertainty from questions {100 - int(share[:-2])} %, judge {share}."
        in seed_sentence(pairs)
    )


def test_several_seeds_share_the_noise_on_the_questions_that_both_sides_have(repository):
    for seed in (1, 2):
        write_params(seed=seed)
        write_result({"judge": REPEATS.mean(axis=0) - seed / 100})
        write_judgments(REPEATS)
        keep_as_experiment(f"seed-{seed}")
    write_result({"judge": np.where(np.arange(48) < 24, SCORES, np.nan)})
    write_judgments(SCORES[None])
    sides = load_sides(["seed-1,seed-2", "workspace"])
    within = REPEATS[:, :24].var(axis=0, ddof=1).mean()
    expected = float((weights(CATEGORY_OF[:24]) ** 2).sum() * within / 3) / 2
    assert judge_noise(*sides, "judge", paired=False) == pytest.approx(expected)


def test_metrics_have_no_noise(shared):
    assert judge_noise(*load_sides(["lora", "main"]), "metrics", paired=False) == 0.0


def test_equal_answers_share_the_noise(repository):
    texts = [str(number) for number in range(48)]
    write_result({"judge": REPEATS.mean(axis=0)}, texts=texts)
    write_judgments(REPEATS)
    keep_as_experiment("judged")
    other = np.where(np.arange(48) < 12, REPEATS.mean(axis=0)[::-1], REPEATS.mean(axis=0))
    write_result({"judge": other}, texts=[f"other {text}" if int(text) < 12 else text for text in texts])
    write_judgments(REPEATS)
    sides = load_sides(["judged", "workspace"])
    within = REPEATS.var(axis=0, ddof=1).mean()
    expected = 2 * float((weights(CATEGORY_OF)[:12] ** 2).sum() * within / 3)
    assert judge_noise(*sides, "judge", paired=False) == pytest.approx(expected)
