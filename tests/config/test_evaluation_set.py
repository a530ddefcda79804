import pytest

from belle.config.check import find_problems
from belle.config.question_source import normalize_category

EVAL = "configs/eval/mini.yaml"


@pytest.mark.parametrize(
    ("name", "normal"),
    [("closed\u00a0QA", "closed qa"), (" Ｍａｔｈ ", "math"), ("open qa", "open qa"), ("Straße", "strasse")],
)
def test_categories_are_spelled_in_one_way(name, normal):
    assert normalize_category(name) == normal


@pytest.mark.parametrize(
    ("category", "right"), [("Math", "math"), ("closed\xa0QA", "closed qa"), (" open qa", "open qa")]
)
def test_a_profile_must_name_categories_as_the_questions_do(change, category, right):
    change(EVAL, {"metrics": {category: "exact_match"}})
    (line,) = find_problems()
    assert line.startswith(f"{EVAL}: metrics: ")
    assert repr(category) in line
    assert repr(right) in line


def test_an_evaluation_set_is_always_pinned(change):
    change(EVAL, {"source": {"kind": "hub", "repo": "a/b", "revision": None, "files": ["x.json"]}})
    change("params.yaml", {"data.allow_unpinned": True, "model.allow_unpinned": True})
    (line,) = find_problems()
    assert line.startswith(f"{EVAL}: source.revision: ")
