import pytest

from belle.compare.lock import Lock
from compare.made_up import stage

TABLE = "metrics/scores.tsv"


def lock(**changes: dict[str, str]) -> Lock:
    made = {"models/trained": "m.dir", "eval/unquantized": "a.dir", TABLE: "t"}
    deps = {"train": {}, "generate": {"models/trained": "m.dir"}, "score": {"eval/unquantized": "a.dir"}} | changes
    return Lock(
        {
            "stages": {
                "train": stage(["models/trained"], deps["train"], made, "ft"),
                "generate": stage(["eval/unquantized"], deps["generate"], made),
                "score": stage([TABLE], deps["score"], made),
            }
        }
    )


def test_hashes_of_outputs_and_dependencies():
    assert lock().hash_of("models/trained") == "m.dir"
    assert lock().hash_of("models/base") is None
    assert lock().dependency("eval/unquantized", "models/trained") == "m.dir"
    assert lock().dependency("nothing", "models/trained") is None


@pytest.mark.parametrize(
    ("found", "method", "reason"),
    [
        (lock(), "ft", None),
        (lock(), "lora", "models/trained was made with other values of train.method"),
        (lock(), None, "models/trained was made with other values of train.method"),
        (lock(score={"eval/unquantized": "old.dir"}), "ft", f"{TABLE} was made from another eval/unquantized"),
        (lock(generate={"models/trained": "old.dir"}), "ft", "eval/unquantized was made from another models/trained"),
        # a file inside an output has a hash of its own
        (lock(score={"eval/unquantized/answers.jsonl": "x"}), "ft", None),
        (lock(score={"eval/unquantized/answers.jsonl": "x"}), "lora", "models/trained was made with other values"),
        (Lock({}), "ft", f"no stage has made {TABLE}"),
    ],
)
def test_stale(found, method, reason):
    params = {} if method is None else {"train": {"method": method}}
    stale = found.stale(TABLE, params)
    assert stale is None if reason is None else stale.startswith(reason)


def test_the_profiles_that_a_stage_has_read():
    score = stage([TABLE], {}, {})
    score["params"] = {"params.yaml": {"evaluate.set": "mini"}, "configs/eval/mini.yaml": {"metrics": "x"}}
    found = Lock({"stages": {"score": score}})
    assert found.profiles(TABLE) == {"configs/eval/mini.yaml": {"metrics": "x"}} and found.profiles("nothing") == {}


@pytest.mark.parametrize(
    ("file", "changed", "reason"),
    [
        ("judge.json", {"evaluate": {"scorer": "metrics", "judge": {"output": "json"}}}, None),
        (
            "judge.json",
            {"evaluate": {"scorer": "both", "judge": {"output": "text"}}},
            "other values of evaluate.scorer",
        ),
        ("model.json", {"evaluate": {"scorer": "both", "judge": {"output": "text"}}}, None),
        ("model.json", {"model": {"profile": "other"}}, "data/check/model.json was made with other values of model."),
    ],
)
def test_what_the_stage_check_has_seen_matters_as_far_as_its_file_is_read(file, changed, reason):
    params = {"model": {"profile": "mini"}, "evaluate": {"scorer": "metrics", "judge": {"output": "text"}}}
    check = stage(["data/check"], {}, {})
    check["params"] = {"params.yaml": params}
    score = stage([TABLE], {f"data/check/{file}": "c"}, {})
    found = Lock({"stages": {"check": check, "score": score}})
    assert found.stale(TABLE, params) is None
    stale = found.stale(TABLE, params | changed)
    assert stale is None if reason is None else reason in stale
