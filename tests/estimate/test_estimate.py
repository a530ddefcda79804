"""`belle estimate` on whole configurations: what it reads, what it refuses, what it suggests."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from belle.config.base import load_params
from belle.config.check import find_problems
from belle.config.mixture import Mixture, MixturePart
from belle.config.quantize import GptqParams
from belle.data.packed_dataset import PackedDatasetWriter
from belle.errors import UserError
from belle.estimate.command import run_estimate
from belle.estimate.disk import variant_bytes
from belle.estimate.estimate import Assumptions, estimate
from belle.estimate.show import refusal
from belle.estimate.suggest import suggestions
from factories import ROOT

LARGE = [
    "model.profile=llama-7b", "pretrain.enabled=false", "data.sources=[belle-2m]", "tokenize.max_length=1024",
    "quantize.gptq.group_size=128", "train.ft.batch_size=8",
]  # fmt: skip
ON_24_GB = [*LARGE, "hardware=1gpu-24gb"]


@pytest.fixture(autouse=True)
def configuration(change):
    """A copy of the configuration."""


def test_an_override_changes_the_estimate_and_not_the_file():
    before = Path("params.yaml").read_bytes()
    assert estimate(["train.method=lora"]).stages["train"].trained.weights < 2e5
    assert estimate().stages["train"].trained.weights == 1_574_656
    assert Path("params.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("override", "words"),
    [("train.methode=lora", "train.methode"), ("train.method=lorra", "train.method"), ("nonsense", "-S nonsense")],
)
def test_a_wrong_override_is_one_line(override, words):
    with pytest.raises(UserError) as error:
        estimate([override])
    (line,) = str(error.value).splitlines()
    assert words in line


def test_only_the_stages_that_run_are_estimated():
    assert list(estimate().stages) == ["pretrain", "train"]
    assert list(estimate(["pretrain.enabled=false"]).stages) == ["train"]
    released = ["pretrain.enabled=false", "checkpoint=base"]
    found = estimate(released)
    assert (found.stages, found.too_large()) == ({}, [])
    assert "models/trained" not in found.disk


def test_a_run_that_cannot_fit_is_refused_with_the_arithmetic(capsys):
    with pytest.raises(UserError) as error:
        run_estimate(ON_24_GB, 256, None, None, force=False)
    (line,) = str(error.value).splitlines()
    assert line.startswith("train: 1") and "24.0 GB" in line and "1gpu-24gb" in line
    assert "weights 26.95 + gradients 28.00 + optimizer 53.91" in line
    said = capsys.readouterr().out
    assert "hardware=8gpu" in said and "train.method=lora" in said
    run_estimate(ON_24_GB, 256, None, None, force=True)


def test_every_suggested_override_is_valid_and_fits():
    found = estimate(ON_24_GB)
    fitting = suggestions(found, ON_24_GB, Assumptions())
    changes = [line.split("-S ")[1:] for line in fitting if line.startswith("-S ")]
    assert [words[0].partition("=")[0] for words in changes] == ["hardware", "train.method"]
    for words in changes:
        overrides = [*ON_24_GB, *map(str.strip, words)]
        assert find_problems(overrides) == []
        assert estimate(overrides).too_large() == []


@pytest.mark.parametrize(
    ("profile", "suggested"),
    [
        ({"device_memory_gb": 18, "micro_batch_size": 8}, "micro_batch_size: 2"),
        (
            {"device_memory_gb": 18, "micro_batch_size": 2, "gradient_checkpointing": False},
            "gradient_checkpointing: true",
        ),
    ],
)
def test_the_smallest_change_comes_first(change, profile, suggested):
    change("configs/hardware/1gpu.yaml", profile)
    overrides = [*LARGE, "hardware=1gpu", "train.method=lora", "train.lora.batch_size=8", "tokenize.max_length=2048"]
    found = estimate(overrides)
    assert found.too_large() == ["train"]
    first, *_ = suggestions(found, overrides, Assumptions())
    assert first.startswith("in configs/hardware/1gpu.yaml: ") and suggested in first


def packed(rows: int, **recorded: object) -> None:
    """data/tokens and data/check, as the stages leave them."""
    for split in ("train", "eval"):
        Path("data/tokens", split).mkdir(parents=True)
        with PackedDatasetWriter(Path("data/tokens", split), 512, 1) as writer:
            for row in range(rows):
                writer.add(np.arange(400, dtype=np.int32), np.arange(400) >= 300, row)
    Path("data/check").mkdir()
    values = {"model": "mini", "data": ["mini-general"], "limit": None, "max_length": 512, "count": None} | recorded
    made = {"max_length": values["max_length"], "train_conversations": values["count"]}
    Path("data/tokens/meta.json").write_text(json.dumps(made))
    mixture = Mixture(parts=[MixturePart(source=name) for name in values["data"]])
    Path("data/check/mixture.json").write_text(mixture.model_dump_json())
    Path("data/check/model.json").write_text(json.dumps({"name": values["model"]}))
    sources = [{"name": name} for name in values["data"]]
    Path("data/check/conversations.json").write_text(json.dumps({"limit": values["limit"], "sources": sources}))


def test_steps_and_tokens_are_those_of_the_packed_data():
    packed(10)
    work, tokens = estimate(["train.ft.epochs=2", "train.ft.batch_size=4"]).stages["train"].work, 2 * 10 * 400
    assert (work.steps, work.tokens) == (2 * 3, tokens)
    assert estimate().stages["train"].training.predicted == 100


@pytest.mark.parametrize(
    "other", [{"model": "nano"}, {"data": ["mini-math"]}, {"limit": 5}, {"max_length": 256}, {"count": 9}]
)
def test_packed_data_of_another_experiment_are_not_counted(other):
    packed(10, **other)
    assert estimate().stages["train"].work.steps is None


def test_published_rows_are_counted_where_no_data_are_there():
    work = estimate([*LARGE, "train.ft.epochs=2"], Assumptions(tokens_per_row=100)).stages["train"].work
    assert work.tokens == 2 * 2_000_000 * 100
    assert work.steps == 2 * -(-(2_000_000 * 100 // 1024 + 1) // 8)
    limited = estimate([*LARGE, "data.limit=1000", "train.ft.epochs=1"], Assumptions(tokens_per_row=100))
    assert limited.stages["train"].work.tokens == 100_000


def test_time_and_cost_follow_from_a_rate_and_a_price():
    overrides = [*LARGE, "hardware=8gpu-zero2", "train.ft.batch_size=8", "train.ft.epochs=1"]
    assumed = Assumptions(tokens_per_row=100, tflops=100, price_per_hour=20)
    work = estimate(overrides, assumed).stages["train"].work
    # 8 operations per weight with checkpointing, without the embeddings that are only looked up
    weights = 6_738_415_616 - 32000 * 4096 - 65 * 4096
    assert work.seconds == pytest.approx(8 * weights * 2e8 / (8 * 100e12))
    assert work.cost == pytest.approx(work.seconds / 3600 * 20)
    unknown = estimate(overrides, Assumptions(price_per_hour=20)).stages["train"].work
    assert (unknown.seconds, unknown.cost) == (None, None)


def test_the_measured_rate_of_the_last_training_is_used_on_the_same_kind_of_device(change):
    shutil.copy(ROOT / "dvc.lock", ".")
    Path("metrics/details").mkdir(parents=True)
    speed = {"train": {"seconds": 100.0, "tokens": 10**6, "device": "cpu"}}
    Path("metrics/details/speed.json").write_text(json.dumps(speed))
    packed(10)
    found = estimate(["train.ft.epochs=1"])
    assert found.stages["train"].work.seconds == pytest.approx(4000 / 10**4)
    assert estimate(["hardware=1gpu"]).rate is None
    # params.yaml may name another model by now: what was measured is in dvc.lock
    change("params.yaml", {"model.profile": "qwen3-0.6b", "train.method": "lora", "pretrain.enabled": False})
    assert estimate().rate == found.rate


def test_quantized_variants_have_the_sizes_that_were_measured():
    with (ROOT / "metrics/details/variants.tsv").open(encoding="utf-8", newline="") as stream:
        sizes = {row["variant"]: float(row["size_mb"]) for row in csv.DictReader(stream, delimiter="\t")}
    found = estimate()
    for scheme in ("gptq-int8", "gptq-int4", "gguf-q8_0", "gguf-q4_0"):
        expected = variant_bytes(found.size, scheme, load_params(GptqParams, "quantize.gptq"))
        assert expected / 1e6 == pytest.approx(sizes[scheme], rel=0.15)


def test_a_gpu_profile_without_its_memory_needs_a_gpu(change):
    change("configs/hardware/1gpu.yaml", {"device_memory_gb": None})
    with pytest.raises(UserError, match=r"device_memory_gb"):
        estimate(["hardware=1gpu"])


def test_the_refusal_adds_up():
    found = estimate(ON_24_GB)
    line = refusal(found, "train")
    parts = [float(part.rsplit(" ", 1)[1]) for part in line.partition("(")[2].partition(")")[0].split(" + ")]
    assert sum(parts) == pytest.approx(found.stages["train"].memory.total / 1e9, abs=0.05)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # weights, and two moments of each
        ([], 12 * 6_738_415_616),
        # measured on a tiny model in two processes: 20 and 12 bytes per weight
        (["hardware=8gpu-zero2"], 20 * 6_738_415_616),
        (["hardware=8gpu-zero3"], 12 * 6_738_415_616),
        (["train.method=lora", "train.lora.rank=16"], 12 * 39_976_960),
    ],
)
def test_a_checkpoint_holds_what_is_trained_as_often_as_it_is_written(changes, expected):
    found = estimate([*LARGE, *changes, "train.lora.batch_size=8"])
    assert found.disk["checkpoints, for a while"] == 2 * expected


def test_a_checkpoint_of_embeddings_holds_the_whole_model():
    found = estimate(["checkpoint=pretrained", "pretrain.trainable=embeddings"])
    embeddings = found.stages["pretrain"].trained.weights
    assert found.disk["checkpoints, for a while"] == 2 * (4 * found.size.parameters + 8 * embeddings)
