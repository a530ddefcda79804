"""What a person compares experiments by: the table, the difference of two, the plots."""

import json

import pytest
from repository import Repository, copy_checkout
from ruamel.yaml import YAML

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

COLUMNS, LINES = "160", 24
VARIANTS = ["unquantized", "gptq-int8", "gptq-int4", "gguf-q8_0", "gguf-q4_0"]
PLOTS = ["Score of every variant", "Score by category, unquantized", "Training loss", "Pre-training loss"]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """This checkout on `main`, and an experiment `quick-brown-fox` whose every metric is another."""
    repository = copy_checkout(tmp_path_factory.mktemp("compared"))
    for path in ("metrics/train.json", *(f"metrics/scores/{variant}.json" for variant in VARIANTS)):
        values = json.loads((repository.path / path).read_text())
        (repository.path / path).write_text(json.dumps({key: round(value / 1.7, 4) for key, value in values.items()}))
    params = repository.path / "params.yaml"
    params.write_text(params.read_text().replace("  method: ft\n", "  method: lora\n"))
    for stage in YAML(typ="safe").load(repository.path / "dvc.lock")["stages"].values():
        for out in stage["outs"]:
            # an experiment is saved with its outputs; what is in them is not looked at here
            if not out["path"].startswith("metrics"):
                (repository.path / out["path"]).mkdir(parents=True, exist_ok=True)
    repository.dvc("exp", "save", "--force", "-n", "quick-brown-fox")
    repository.run("git", "checkout", "-q", ".")
    return repository


def test_the_table_of_experiments_fits_160_columns(compared):
    output = compared.dvc("exp", "show", "--only-changed", "--no-pager", COLUMNS=COLUMNS)
    header, *rows = [line.split() for line in output.splitlines() if line.strip("─ ")]
    assert max(map(len, output.splitlines())) <= int(COLUMNS)
    shown = {"Experiment", "Created", *VARIANTS, "ci_low", "ci_high", "loss", "seconds", "train.method"}
    assert shown | {"…"} == set(header) | {"…"}
    assert {"main", "[quick-brown-fox]"} <= {word for row in rows for word in row}


def test_the_difference_of_two_experiments_fits_one_screen(compared):
    output = compared.dvc("metrics", "diff", "main", "quick-brown-fox").splitlines()
    assert len(output) == 1 + len(VARIANTS) + len(["ci_low", "ci_high"]) + len(["loss", "seconds"]) < LINES
    assert max(map(len, output)) <= 80


def test_each_plot_has_a_title_and_named_axes(compared):
    plots = json.loads(compared.dvc("plots", "show", "--json"))["data"]
    assert list(plots) == PLOTS
    for title, (plot,) in plots.items():
        spec = json.loads(plot["content"])
        assert spec["title"]["text"] == title
        encodings = [spec["encoding"], *(layer["encoding"] for layer in spec.get("layer", []))]
        named = {axis for one in encodings for axis in ("x", "y") if one.get(axis, {}).get("title")}
        assert named == {"x", "y"} and spec["data"]["values"]
        assert "<DVC_METRIC" not in plot["content"]
