from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from belle.compare.notes import notes_of
from belle.compare.one_choice import paired_by_seed
from belle.compare.sides import load_sides
from belle.errors import UserError
from compare.made_up import SCORES, keep_as_experiment, write_lock, write_params, write_result


def keep_seeds(method: str, shift: float, pretrained: str = "p{}.dir") -> None:
    """Keep three experiments METHOD-1 to -3 that differ in the seed; `pretrained`: hash by seed."""
    for seed in (1, 2, 3):
        write_params(method=method, seed=seed)
        write_lock({"models/pretrained": pretrained.format(seed)}, method=method)
        write_result({"metrics": np.clip(SCORES - shift - 0.01 * seed, 0, 1)})
        keep_as_experiment(f"{method}-{seed}")


def test_seeds_of_one_choice_are_one_side(repository):
    keep_seeds("ft", 0.0)
    keep_seeds("lora", 0.1)
    ft, lora = load_sides(["ft-3,ft-1,ft-2", "lora-1,lora-2,lora-3"])
    assert ft.label == "ft-3 (3 seeds)"
    assert ft.seeds == (1, 2, 3)
    assert ft.scores("metrics").shape == (3, 48)
    assert paired_by_seed(ft, lora)
    assert not paired_by_seed(ft, load_sides(["ft-1,ft-2", "lora-1,lora-2"])[1])


def test_seeds_of_quantized_variants_pair_by_the_trained_model(repository):
    for seed in (1, 2):
        write_params(seed=seed)
        # nothing was pre-trained
        write_lock({"models/pretrained": None, "models/trained": f"t{seed}.dir"})
        for variant in ("unquantized", "gptq-int4"):
            write_result({"metrics": np.clip(SCORES - 0.01 * seed, 0, 1)}, variant)
        keep_as_experiment(f"seed-{seed}")
    assert paired_by_seed(*load_sides(["seed-1,seed-2", "seed-1:gptq-int4,seed-2:gptq-int4"]))


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


def keep_made_from(name: str, seed: int, code: str = "t", data: str = "d", profile: int = 1, generated=False) -> None:
    """Keep an experiment whose training had this code, data and hardware profile."""
    write_params(seed=seed, generate_data={"enabled": generated})
    write_lock({"models/trained": f"{name}.dir"})
    lock = YAML().load(Path("dvc.lock"))
    train = lock["stages"]["train"]
    for path, md5 in (("data/clean/conversations.parquet", data), ("src/belle/train/loop.py", code)):
        train["deps"].append({"path": path, "hash": "md5", "md5": md5})
    train["params"]["configs/hardware/cpu.yaml"] = {"batch": profile}
    YAML().dump(lock, Path("dvc.lock"))
    write_result({"metrics": SCORES})
    keep_as_experiment(name)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"data": "e"}, "one and other are no training seeds of one choice: data/clean/conversations.parquet differ"),
        ({"profile": 2}, "no training seeds of one choice: configs/hardware/cpu.yaml differ too; train both"),
    ],
)
def test_seeds_that_were_trained_from_something_else(repository, other, message):
    keep_made_from("one", 1)
    keep_made_from("other", 2, **other)
    with pytest.raises(UserError, match=message):
        load_sides(["one,other", "main"])


def test_generated_data_depend_on_the_seed(repository):
    keep_made_from("one", 1, generated=True)
    keep_made_from("other", 2, data="e", generated=True)
    assert load_sides(["one,other", "main"])[0].seeds == (1, 2)


def test_seeds_that_other_code_has_trained_get_a_note(repository):
    keep_made_from("one", 1)
    keep_made_from("same", 3)
    keep_made_from("other", 2, code="u")
    assert not any("code" in note for note in notes_of(load_sides(["one,same", "main"]), [], "metrics"))
    (note,) = (one for one in notes_of(load_sides(["one,other", "main"]), [], "metrics") if "code" in one)
    assert note.startswith("one, other: made by different versions of the code (src/belle/train/loop.py): they may")


@pytest.mark.parametrize("seed", [None, "two"])
def test_a_seed_that_is_no_number(repository, seed):
    write_params(seed=seed)
    keep_as_experiment("odd")
    with pytest.raises(UserError, match=r"odd: its params\.yaml has no whole number as `seed`"):
        load_sides(["main,odd", "lora"])
