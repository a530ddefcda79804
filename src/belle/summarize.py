"""Bring what the stages left in DVC's cache to where Git keeps it and people compare it: metrics/.

A result that costs hours is an output in DVC's cache, so that it can be restored. What is written here takes a
second, and any machine writes the same.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from belle.data_card.plots import write_plot_tables
from belle.errors import UserError
from belle.evaluate.answers import UNQUANTIZED
from belle.files import read_json_object, sha256_of, write_json, write_tsv
from belle.speed import record
from belle.train.logs import CURVES, SUMMARY

TRAININGS = ("pretrain", "train")
VARIANT_COLUMNS = (
    "variant", "scorer", "score", "ci_low", "ci_high", "n", "size_mb", "kl_divergence", "top1_agreement",
    "quantize_seconds", "answers_per_second",
)  # fmt: skip
CATEGORY_COLUMNS = ("variant", "scorer", "category", "n", "score", "ci_low", "ci_high")


def summarize(schemes: Sequence[str], counts: Mapping[str, Path], card: Path, logs: Path, out: Path) -> None:
    """Write train.json, and under details/ counts, summaries, losses, times and tables of the data and the scores.

    Scores of schemes that are quantized no more are removed: they would stay in Git as scores of the present model.

    Args:
        schemes: the quantization schemes.
        counts: JSON files that only need to be copied, by the stage that counted.
        card: card.json, the numbers of the data card.
        logs: `pretrain/` and `train/`, what the trainings logged.
        out: metrics/, with scores/ and details/eval/ of every scored variant.

    Raises:
        UserError: a missing or broken input.
    """
    details = out / "details"
    sources = {**counts, **{stage: logs / stage / SUMMARY for stage in TRAININGS}}
    found = {stage: read_json_object(path, f"run `dvc repro {stage}`") for stage, path in sources.items()}
    for stage, values in found.items():
        write_json(details / f"{stage}.json", values)
    write_plot_tables(read_json_object(card, "run `dvc repro describe_data`"), details)
    for stage in TRAININGS:
        write_tsv(details / f"{stage}_loss.tsv", ("step", "data", "loss"), _losses(logs / stage / CURVES))
    variants = {one: _details_of(one, details / "eval") for one in (UNQUANTIZED, *schemes)}
    _remove_others(variants, out / "scores", details / "eval")
    speed = record(details / "speed.json", _results(logs, variants))
    write_tsv(details / "variants.tsv", VARIANT_COLUMNS, _variant_rows(variants, speed))
    write_tsv(details / "categories.tsv", CATEGORY_COLUMNS, _category_rows(variants))
    # a skipped training has no loss
    write_json(out / "train.json", {"loss": found["train"].get("loss"), "seconds": speed["train"]["seconds"]})


def _losses(curves: Path) -> Iterator[tuple[str, str, str]]:
    """Yield step, what the loss was measured on, loss: one table of two curves is one picture."""
    for name, data in (("loss", "training"), ("eval_loss", "held-out")):
        with (curves / f"{name}.tsv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t"):
                yield row["step"], data, row[name]


def _remove_others(variants: Collection[str], *directories: Path) -> None:
    for path in (path for directory in directories for path in directory.glob("*")):
        if path.name.partition(".")[0] not in variants:
            path.unlink()


def _details_of(variant: str, directory: Path) -> dict[str, Any]:
    path = directory / f"{variant}.json"
    repair = f"run `dvc repro {'score' if variant == UNQUANTIZED else f'score_quantized@{variant}'}`"
    details = read_json_object(path, repair)
    if "scorers" not in details:
        raise UserError(f"{path}: of an earlier version of the project, without `scorers`; {repair}")
    return details


def _results(logs: Path, variants: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return what the measurements are of: SHA-256 by the name under which a stage measured."""
    results = {stage: sha256_of(logs / stage) for stage in TRAININGS}
    for variant, details in variants.items():
        if variant != UNQUANTIZED:
            results[f"quantize {variant}"] = details["quantized_sha256"]
        results[f"generate {variant}"] = details["answers_sha256"]
    return results


def _variant_rows(variants: dict[str, dict[str, Any]], speed: dict[str, dict[str, Any]]) -> Iterator[list[Any]]:
    """Yield one row per variant and scorer."""
    for variant, details in variants.items():
        times = {
            "quantize_seconds": speed.get(f"quantize {variant}", {}).get("seconds"),
            "answers_per_second": speed[f"generate {variant}"].get("answers_per_second"),
        }
        for scorer, scores in details["scorers"].items():
            values = details | scores | times | {"variant": variant, "scorer": scorer}
            yield [values.get(column) for column in VARIANT_COLUMNS]


def _category_rows(variants: dict[str, dict[str, Any]]) -> Iterator[list[Any]]:
    """Yield one row per variant, scorer and category."""
    for variant, details in variants.items():
        for scorer, scores in details["scorers"].items():
            for category, values in scores["categories"].items():
                names = {"variant": variant, "scorer": scorer, "category": category}
                yield [(values | names)[column] for column in CATEGORY_COLUMNS]
