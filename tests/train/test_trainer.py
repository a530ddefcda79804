import csv
import json
import math
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedModel, Trainer

from belle.checkpoints.models import load_model
from belle.config.hardware import HardwareProfile
from belle.config.train import FullFinetuneParams, LoraParams
from belle.data.packed_dataset import PackedDataset
from belle.errors import UserError
from belle.train.callbacks import mean_loss, rounded
from belle.train.collator import FlatCollator
from belle.train.lora import add_adapters
from belle.train.trainer import accumulation_steps, attention_for, run_trainer

LORA = LoraParams(
    rank=4, alpha=8, dropout=0.0, target_modules="all-linear", learning_rate=1e-3, epochs=2, batch_size=8,
    warmup_ratio=0.1, weight_decay=0.0,
)  # fmt: skip


def trained(
    checkpoint: Path,
    packed: Path,
    schedule: FullFinetuneParams | LoraParams,
    hardware: HardwareProfile,
    metrics_dir: Path,
) -> PreTrainedModel:
    model = load_model(checkpoint, attention_for("llama"))
    if isinstance(schedule, LoraParams):
        torch.manual_seed(3)
        model = add_adapters(model, schedule)
    metrics_dir.mkdir()
    rows = PackedDataset(packed)
    run_trainer(model, rows, rows, schedule, hardware, seed=5, stage="train", metrics_dir=metrics_dir)
    return model


def difference(one: torch.nn.Module, other: torch.nn.Module) -> float:
    """The largest relative difference of a weight."""
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max(((a - b).norm() / b.norm()).item() for a, b in pairs)


def accumulated(checkpoint, packed, schedule, hardware, folder) -> float:
    """How far (8 rows, 1 pass) and (2 rows, 4 passes) end apart."""
    fewer = hardware.model_copy(update={"micro_batch_size": 2})
    assert len(PackedDataset(packed)) % 8
    at_once = trained(checkpoint, packed, schedule, hardware, folder / "at_once")
    return difference(trained(checkpoint, packed, schedule, fewer, folder / "accumulated"), at_once)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["ft", "lora"])
def test_accumulation_changes_nothing(method, tiny_model, packed, schedule, hardware, tmp_path) -> None:
    chosen = LORA if method == "lora" else schedule
    assert accumulated(tiny_model("llama"), packed, chosen, hardware, tmp_path) <= 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("method", ["ft", "lora"])
def test_negative_control_mean_of_means(method, tiny_model, packed, schedule, hardware, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(Trainer, "_get_num_items_in_batch", lambda *_: None)
    chosen = LORA if method == "lora" else schedule
    assert accumulated(tiny_model("llama"), packed, chosen, hardware, tmp_path) > 1e-4


def curve(metrics_dir: Path, name: str) -> dict[int, float]:
    with (metrics_dir / "plots" / "metrics" / f"{name}.tsv").open(encoding="utf-8") as stream:
        return {int(row["step"]): float(row[name]) for row in csv.DictReader(stream, delimiter="\t")}


@pytest.fixture(scope="module")
def made(tiny_model: Callable[[str], Path], packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The metrics of one short run: two epochs, one sequence per step, a tenth of them warm-up."""
    folder = tmp_path_factory.mktemp("fit") / "metrics"
    schedule = FullFinetuneParams(learning_rate=1e-3, epochs=2, batch_size=1, warmup_ratio=0.1, weight_decay=0.0)
    hardware = HardwareProfile(
        device="cpu", num_processes=1, micro_batch_size=1, precision="fp32", gradient_checkpointing=False, zero_stage=0,
        offload_optimizer=False,
    )  # fmt: skip
    trained(tiny_model("llama"), packed, schedule, hardware, folder)
    return folder


def test_learning_rate_warms_up_by_ratio_and_decays_to_nothing(made: Path, packed: Path) -> None:
    rates = curve(made, "learning_rate")
    steps = 2 * len(PackedDataset(packed))
    warmup = math.ceil(0.1 * steps)
    assert list(rates) == list(range(1, steps + 1))
    for step, rate in rates.items():
        done = step - 1
        part = done / warmup if done < warmup else (1 + math.cos(math.pi * (done - warmup) / (steps - warmup))) / 2
        assert rate == pytest.approx(1e-3 * part, rel=1e-4, abs=1e-9)
    assert rates[steps] < 0.02 * 1e-3 < 1e-3 == max(rates.values())


def test_metrics_hold_the_counts_and_the_last_values(made: Path, packed: Path) -> None:
    rows = PackedDataset(packed)
    metrics = json.loads((made / "metrics.json").read_text())
    assert list(metrics) == ["train"]
    train = metrics["train"]
    last = {name: list(curve(made, name).values())[-1] for name in ("loss", "eval_loss")}
    assert train == {
        "trainable_parameters": 400 * 64 + 2 * (64 * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 128 + 2 * 64) + 64,
        "steps": 2 * len(rows),
        "tokens_seen": 2 * len(rows.ids),
        "mean_loss": pytest.approx(sum(curve(made, "loss").values()) / (2 * len(rows)), rel=1e-5),
        **last,
    }
    assert train["eval_loss"] < curve(made, "loss")[1] - 0.1


def test_held_out_loss_is_measured_once_an_epoch(made: Path, packed: Path) -> None:
    rows = len(PackedDataset(packed))
    assert list(curve(made, "eval_loss")) == [rows, 2 * rows]


def test_nothing_else_is_left(made: Path) -> None:
    files = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    curves = {f"plots/metrics/{name}.tsv" for name in ("loss", "learning_rate", "eval_loss")}
    assert files == {"metrics.json"} | curves


@pytest.mark.parametrize("inside_experiment", [False, True])
def test_repository_is_left_alone(
    inside_experiment, tiny_model, packed, schedule, hardware, tmp_path, monkeypatch, capfd
) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config").touch()
    monkeypatch.chdir(tmp_path)
    if inside_experiment:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
        monkeypatch.setenv("DVC_ROOT", str(tmp_path))
        monkeypatch.setenv("DVC_EXP_BASELINE_REV", "0" * 40)
    trained(tiny_model("llama"), packed, schedule, hardware, tmp_path / "metrics")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".dvc", ".git", "metrics"]
    assert [path.name for path in (tmp_path / ".dvc").iterdir()] == ["config"]
    assert subprocess.run(["git", "ls-files"], capture_output=True, check=True).stdout == b""
    output = capfd.readouterr()
    assert output.out == ""
    assert [line.split(":")[:2] for line in output.err.splitlines()] == [["train", " training"]]


def test_loss_that_is_no_number_stops_training(tiny_model, packed, schedule, hardware, tmp_path) -> None:
    model = load_model(tiny_model("llama"), attention_for("llama"))
    model.model.norm.weight.data[0] = math.nan
    rows = PackedDataset(packed)
    with pytest.raises(UserError, match=r"the loss is nan at step 1: training diverged; lower learning_rate"):
        run_trainer(model, rows, rows, schedule, hardware, seed=5, stage="train", metrics_dir=tmp_path)


def test_accumulation_fills_the_batch(hardware) -> None:
    assert accumulation_steps(8, hardware.model_copy(update={"micro_batch_size": 2})) == 4


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_missing_gpu_is_refused(hardware) -> None:
    with pytest.raises(UserError, match="needs a GPU and there is none"):
        accumulation_steps(8, hardware.model_copy(update={"device": "cuda"}))


def test_held_out_loss_weighs_tokens_alike(tiny_model, packed) -> None:
    model, rows = load_model(tiny_model("llama"), attention_for("llama")).train(), PackedDataset(packed)
    by_rows = [mean_loss(model, rows, FlatCollator(), rows_at_once) for rows_at_once in (1, 3, len(rows))]
    assert by_rows == pytest.approx([by_rows[0]] * 3, rel=1e-6)
    assert model.training


@pytest.mark.parametrize(("value", "expected"), [(1.23456789, 1.23457), (2.5e-7, 2.5e-7), (1.234567891e-7, 1.23457e-7)])
def test_rounding_keeps_small_rates(value: float, expected: float) -> None:
    assert rounded(value) == expected


def test_rows_longer_than_the_models_positions_are_refused(tiny_model, packed, schedule, hardware, tmp_path) -> None:
    model = load_model(tiny_model("llama"), attention_for("llama"))
    model.config.max_position_embeddings = 16
    rows = PackedDataset(packed)
    with pytest.raises(UserError, match=r"has \d+ tokens, this model knows 16 positions; lower tokenize.max_length"):
        run_trainer(model, rows, rows, schedule, hardware, seed=5, stage="train", metrics_dir=tmp_path)
