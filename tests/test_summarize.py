import csv
import json
import shutil
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.files import sha256_of, write_json
from belle.speed import measure
from belle.summarize import summarize

COUNTS = {"clean": Path("counts.json"), "tokenize": Path("meta.json")}
CARD = Path("card.json")


def scored(score: float) -> dict:
    """What is known of the scores of one scorer."""
    values = {"score": score, "ci_low": score - 0.1, "ci_high": score + 0.1, "n": 20}
    return values | {"categories": {"math": values, "qa": values}}


def table(name: str) -> list[dict[str, str]]:
    lines = (Path("metrics/details") / name).read_text().splitlines()
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    """A repository root with the results of a training and of two variants."""
    monkeypatch.chdir(tmp_path)
    for name, path in COUNTS.items():
        write_json(path, {"rows": len(name)})
    nothing = {"in": 0, "dropped": {}, "kept_rows": [], "lengths": {}}
    write_json(CARD, {"conversations": nothing, "texts": nothing})
    for stage, loss in (("pretrain", 0.5), ("train", 0.25)):
        write_json(Path("logs") / stage / "metrics.json", {"steps": 3, "loss": loss})
        (Path("logs") / stage / "plots/metrics").mkdir(parents=True)
        for curve in ("loss", "eval_loss"):
            text = f"step\t{curve}\n1\t{loss}\n"
            (Path("logs") / stage / f"plots/metrics/{curve}.tsv").write_text(text)
    unquantized = {"scorers": {"metrics": scored(0.8), "judge": scored(0.6)}, "answers_sha256": "a", "size_mb": 4.0}
    write_json(Path("metrics/details/eval/unquantized.json"), unquantized)
    quantized = {"scorers": {"metrics": scored(0.7)}, "answers_sha256": "b", "size_mb": 1.0}
    quantized["quantized_sha256"] = sha256_of(Path("logs/train"))
    write_json(Path("metrics/details/eval/gptq-int4.json"), quantized)
    return tmp_path


def run(*schemes: str) -> None:
    summarize(schemes, COUNTS, CARD, Path("logs"), Path("metrics"))


def read(name: str) -> dict:
    return json.loads((Path("metrics") / name).read_text())


def test_losses_and_seconds_of_the_training_are_what_experiments_are_compared_by(repository):
    with measure("train", Path("logs/train")):
        pass
    run("gptq-int4")
    assert read("train.json") == {"loss": 0.25, "seconds": read("details/speed.json")["train"]["seconds"]}
    assert read("train.json")["seconds"] is not None


def test_counts_and_summaries_are_copied_and_both_losses_are_in_one_table(repository):
    run("gptq-int4")
    assert [read(f"details/{name}.json") for name in ("clean", "tokenize")] == [{"rows": 5}, {"rows": 8}]
    assert read("details/pretrain.json") == {"steps": 3, "loss": 0.5}
    losses = Path("metrics/details/train_loss.tsv").read_text()
    assert losses == "step\tdata\tloss\n1\ttraining\t0.25\n1\theld-out\t0.25\n"


def test_one_row_per_variant_and_scorer_with_its_own_times(repository):
    with measure("quantize gptq-int4", Path("logs/train")):
        pass
    run("gptq-int4")
    rows = table("variants.tsv")
    assert [(row["variant"], row["scorer"], row["score"], row["size_mb"]) for row in rows] == [
        ("unquantized", "metrics", "0.8", "4.0"),
        ("unquantized", "judge", "0.6", "4.0"),
        ("gptq-int4", "metrics", "0.7", "1.0"),
    ]
    assert rows[0]["quantize_seconds"] == "" != rows[2]["quantize_seconds"]
    # these answers were not generated here
    assert rows[0]["answers_per_second"] == ""


def test_one_row_per_variant_scorer_and_category(repository):
    run("gptq-int4")
    rows = table("categories.tsv")
    assert [tuple(row.values())[:5] for row in rows[:3]] == [
        ("unquantized", "metrics", "math", "20", "0.8"),
        ("unquantized", "metrics", "qa", "20", "0.8"),
        ("unquantized", "judge", "math", "20", "0.6"),
    ]
    assert len(rows) == 6 and list(rows[0])[5:] == ["ci_low", "ci_high"]


def test_scores_of_a_scheme_that_is_gone_are_removed(repository):
    for path in ("scores/unquantized.json", "scores/gptq-int4.json", "details/eval/gptq-int4.answers.tsv"):
        (Path("metrics") / path).parent.mkdir(parents=True, exist_ok=True)
        (Path("metrics") / path).touch()
    run()
    assert [path.name for path in Path("metrics/scores").iterdir()] == ["unquantized.json"]
    assert [path.name for path in Path("metrics/details/eval").iterdir()] == ["unquantized.json"]


def test_nothing_changes_when_it_runs_again_elsewhere(repository):
    with measure("train", Path("logs/train")):
        pass
    run("gptq-int4")
    before = sha256_of(Path("metrics"))
    shutil.rmtree(".dvc")
    run("gptq-int4")
    assert sha256_of(Path("metrics")) == before


def test_a_skipped_training_has_no_loss(repository):
    write_json(Path("logs/train/metrics.json"), {"steps": 0})
    run()
    assert read("train.json")["loss"] is None


@pytest.mark.parametrize(
    ("path", "stage"),
    [
        ("counts.json", "clean"),
        ("card.json", "describe_data"),
        ("logs/train/metrics.json", "train"),
        ("metrics/details/eval/gptq-int4.json", "score_quantized@gptq-int4"),
        ("metrics/details/eval/unquantized.json", "score"),
    ],
)
def test_a_missing_input_is_named_with_its_stage(repository, path, stage):
    Path(path).unlink()
    with pytest.raises(UserError, match=rf"{path}: no such file; run `dvc repro {stage}`"):
        run("gptq-int4")


def test_scores_of_an_earlier_version_are_named(repository):
    write_json(Path("metrics/details/eval/gptq-int4.json"), {"score": 0.7, "answers_sha256": "b"})
    with pytest.raises(
        UserError, match=r"gptq-int4\.json: of an earlier version .*`dvc repro score_quantized@gptq-int4`"
    ):
        run("gptq-int4")
