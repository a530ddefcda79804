import pytest
from pydantic import ValidationError

from belle.config.base import CONFIGS
from belle.config.check import find_problems
from belle.config.mixture import MixturePart, mixture_parts
from belle.errors import UserError
from factories import ROOT

MIXTURE = """parts:
  - source: mini-noisy
    limit: 50
  - source: mini-math
homepage: null
"""


@pytest.fixture(autouse=True)
def mixture(change):
    """A mixture in a copy of the configuration."""
    change("params.yaml", {})
    (CONFIGS / "mixture" / "mine.yaml").write_text(MIXTURE)


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "configs/mixture").glob("*.yaml")))
def test_every_mixture_that_comes_with_the_project_is_usable(change, name):
    change("params.yaml", {"data.sources": [name]})
    assert find_problems() == []


def test_a_mixture_stands_for_its_parts_in_order():
    assert mixture_parts(["mini-general", "mine"]) == [
        MixturePart(source="mini-general"),
        MixturePart(source="mini-noisy", limit=50),
        MixturePart(source="mini-math"),
    ]


@pytest.mark.parametrize("names", [["mine", "mini-math"], ["mini-general", "mini-general"]])
def test_a_source_comes_once(names):
    with pytest.raises(UserError, match=r"data\.sources: a source can be named once, in mixtures too: mini-"):
        mixture_parts(names)


@pytest.mark.parametrize(("name", "meant"), [("zh-alpca", "zh-alpaca"), ("mini-genral", "mini-general")])
def test_a_misspelled_name_gets_the_nearest_of_both_kinds(name, meant):
    with pytest.raises(UserError, match=f"data\\.sources: {name} is no data profile and no mixture; .* {meant}"):
        mixture_parts([name])


def test_a_name_means_one_file():
    (CONFIGS / "data" / "mine.yaml").write_text("")
    with pytest.raises(UserError, match="mine is a data profile and a mixture"):
        mixture_parts(["mine"])


@pytest.mark.parametrize(
    "values", [{"weight": 0}, {"limit": 0}, {"languages": []}, {"min_turns": 3, "max_turns": 2}, {"share": 1}]
)
def test_parts_are_checked(values):
    with pytest.raises(ValidationError):
        MixturePart(source="x", **values)


def test_belle_check_reads_the_profiles_of_a_mixture(change):
    change("params.yaml", {"data.sources": ["mine"]})
    assert find_problems() == []
    (CONFIGS / "mixture" / "mine.yaml").write_text(MIXTURE.replace("mini-math", "mini-corpus"))
    assert find_problems() == [
        "params.yaml: data.sources: mini-corpus has the format text; name it in data.texts.sources"
    ]
    (CONFIGS / "mixture" / "mine.yaml").write_text(MIXTURE.replace("mini-math", "mini-mat"))
    (problem,) = find_problems()
    assert "configs/data/mini-mat.yaml: no such file" in problem and "mini-math" in problem
    (CONFIGS / "mixture" / "mine.yaml").write_text("parts: []\n")
    assert [line.split(": ")[1] for line in find_problems()] == ["parts", "homepage"]


def test_a_mixture_holds_no_other_one():
    (CONFIGS / "mixture" / "all.yaml").write_text("parts: [{source: mine}]\nhomepage: null\n")
    with pytest.raises(
        UserError, match=r"configs/mixture/all\.yaml: parts: mine is a mixture; name its sources instead"
    ):
        mixture_parts(["all"])
