"""The experiments of BELLE's size: valid, as large as the table says, and on the hardware they name."""

import re
import shlex
from itertools import pairwise

import pytest

from belle.config.check import find_problems
from belle.estimate.estimate import Estimate, estimate
from factories import ROOT

PAGE = (ROOT / "docs/seven-billion.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8").partition("## From mini to 7B")[2].partition("\n## ")[0]
TABLE = dict(re.findall(r"^\| `([\w-]+)` \|.*\| ([\d.]*) *\|$", PAGE, flags=re.MULTILINE))


def named_overrides(text: str) -> dict[str, list[str]]:
    """Return the `-S` of each `dvc exp run` in the text's bash blocks, by the experiment's name."""
    blocks = "".join(re.findall(r"```bash\n(.*?)```", text, flags=re.DOTALL)).replace("\\\n", " ")
    runs = [shlex.split(line) for line in blocks.splitlines() if line.startswith("dvc exp run")]
    return {words[words.index("-n") + 1]: [value for flag, value in pairwise(words) if flag == "-S"] for words in runs}


NAMED = named_overrides(PAGE)


@pytest.fixture
def overrides(request, monkeypatch) -> list[str]:
    monkeypatch.chdir(ROOT)
    return NAMED[request.param]


def test_every_row_has_its_command():
    assert list(TABLE) == list(NAMED)
    assert len(TABLE) == 7


def test_the_readme_shows_some_of_them():
    shown = named_overrides(README)
    assert shown == {name: NAMED[name] for name in shown}
    assert all(f"{TABLE[name]} GB" in README for name in shown)


@pytest.mark.parametrize("overrides", NAMED, indirect=True)
def test_each_command_is_valid_and_evaluates_on_belles_questions(overrides):
    assert find_problems(overrides) == []
    assert "evaluate.set=belle" in overrides


@pytest.mark.parametrize(("name", "overrides"), [(name, name) for name in NAMED], indirect=["overrides"])
def test_each_experiment_fits_and_needs_what_the_table_says(name, overrides):
    found: Estimate = estimate(overrides)
    assert found.too_large() == []
    needed = [f"{stage.memory.total / 1e9:.1f}" for stage in found.stages.values()]
    assert needed == list(filter(None, [TABLE[name]]))
