from pathlib import Path

from belle.compare.checked import SECTIONS, checked_params

PARAMS = {
    "seed": 1,
    "evaluate.scorer": "judge",
    "evaluate.judge.output": "json",
    "evaluate.judge.budget.tokens": 10,
    "generate_data.enabled": False,
    "generate_data.requests": 5,
    "data.sources": ["a"],
    "data.texts.sources": ["b"],
}


def found(file: str, **changed: object) -> list[str]:
    return list(checked_params(f"data/check/{file}", PARAMS | changed))


def test_a_file_depends_on_its_sections():
    assert found("mixture.json") == ["data.sources"] and found("licenses.json") == []
    assert found("texts.json") == ["data.texts.sources"]


def test_nobody_is_paid_more_by_a_budget():
    assert found("judge.json") == ["evaluate.scorer", "evaluate.judge.output"]


def test_what_is_off_does_not_matter():
    assert found("judge.json", **{"evaluate.scorer": "metrics"}) == ["evaluate.scorer"]
    assert found("generate_data.json") == ["generate_data.enabled"]
    assert found("generate_data.json", **{"generate_data.enabled": True}) == [
        "seed",
        "generate_data.enabled",
        "generate_data.requests",
    ]


def test_every_file_that_a_stage_reads_has_its_sections():
    graph = (Path(__file__).resolve().parents[2] / "dvc.yaml").read_text()
    read = {part.split(".json")[0] + ".json" for part in graph.split("data/check/")[1:]}
    assert read - {"licenses.json", "${key}.json"} <= set(SECTIONS)
