"""What a person compares experiments by: the table, the difference of two, the plots."""

import json

import pytest
from repository import Repository, copy_checkout
from ruamel.yaml import YAML

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

COLUMNS, LINES = "160", 24
VARIANTS = ["unquantized", "gptq-int8", "gptq-int4", "gguf-q8_0", "gguf-q4_0"]
TRAINED = [
    "models/trained", "logs/train", *(f"eval/{variant}" for variant in VARIANTS),
    *(f"models/quantized/{variant}" for variant in VARIANTS[1:]),
]  # fmt: skip
"""What another training makes differ: `dvc exp show` has a column of hashes for each that a stage depends on."""
PLOTS = [
    "Score of every variant",
    "Score by category",
    "Score against size",
    "Score against speed of answering",
    "Training loss",
    "Pre-training loss",
    "Rows left after each reason to remove",
    "Conversations by source and category",
    "Lengths in characters",
]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """This checkout on `main`, and README's experiment `lora`, whose every metric differs."""
    repository = copy_checkout(tmp_path_factory.mktemp("compared"))
    stand_in_for_data(repository)
    repository.dvc("commit", "--force")
    repository.commit("stand-ins")
    for path in ("metrics/train.json", *(f"metrics/scores/{variant}.json" for variant in VARIANTS)):
        values = json.loads((repository.path / path).read_text())
        (repository.path / path).write_text(json.dumps({key: round(value / 1.7, 4) for key, value in values.items()}))
    for path in TRAINED:
        (repository.path / path / "another").touch()
    params = repository.path / "params.yaml"
    params.write_text(params.read_text().replace("  method: ft\n", "  method: lora\n"))
    repository.dvc("exp", "save", "--force", "-n", "lora")
    repository.run("git", "checkout", "-q", ".")
    return repository


def stand_in_for_data(repository: Repository) -> None:
    """Make an empty file or folder of every dep and output: an experiment is saved with them; nothing reads them."""
    stages = YAML(typ="safe").load(repository.path / "dvc.lock")["stages"].values()
    for path in (repository.path / entry["path"] for stage in stages for entry in stage["outs"] + stage["deps"]):
        if not path.exists():
            (path.parent if path.suffix else path).mkdir(parents=True, exist_ok=True)
            if path.suffix:
                path.touch()


def test_the_table_of_experiments_fits_160_columns(compared):
    output = compared.dvc("exp", "show", "--only-changed", "--no-pager", COLUMNS=COLUMNS)
    header, *rows = [line.split() for line in output.splitlines() if line.strip("─ ")]
    assert max(map(len, output.splitlines())) <= int(COLUMNS)
    shown = {"Experiment", "Created", *VARIANTS, "ci_low", "ci_high", "loss", "seconds", "train.method"}
    assert shown | {"…"} == set(header) | {"…"}
    assert {"main", "[lora]"} <= {word for row in rows for word in row}


def test_without_the_hashes_of_files_there_is_room_for_a_longer_name_or_another_parameter(compared):
    output = compared.dvc("exp", "show", "--only-changed", "--no-pager", "--drop", ".*/", COLUMNS=COLUMNS)
    assert "…" not in output and "train.method" in output
    assert max(len(line.rstrip()) for line in output.splitlines()) <= int(COLUMNS) - 12


def test_the_difference_of_two_experiments_fits_one_screen(compared):
    output = compared.dvc("metrics", "diff", "main", "lora").splitlines()
    assert len(output) == 1 + len(VARIANTS) + len(["ci_low", "ci_high"]) + len(["loss", "seconds"]) < LINES
    assert max(map(len, output)) <= 80


def test_each_plot_has_a_title_and_named_axes(compared):
    plots = json.loads(compared.dvc("plots", "show", "--json"))["data"]
    assert list(plots) == PLOTS
    for title, (plot,) in plots.items():
        spec = plot["content"]
        assert spec["title"]["text"] == title
        # a picture of several panels has its axes in the specification of one
        panel = spec.get("spec", spec)
        encodings = [part["encoding"] for part in (panel, *panel.get("layer", [])) if "encoding" in part]
        named = {axis for one in encodings for axis in ("x", "y") if one.get(axis, {}).get("title")}
        assert named == {"x", "y"} and spec["data"]["values"]
        assert "<DVC_METRIC" not in json.dumps(spec)
