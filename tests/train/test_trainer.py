import csv
import json
import math
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from transformers import PreTrainedModel, Trainer

from belle.checkpoints.models import load_model
from belle.config.hardware import HardwareProfile
from belle.config.train import LoraParams
from belle.config.training import TrainingParams
from belle.data.packed_dataset import PackedDataset
from belle.errors import UserError
from belle.train import trainer
from belle.train.lora import add_adapters
from belle.train.trainer import attention_for, run_trainer
from factories import contents, finetune_params, hardware, lora_params


def train(
    checkpoint: Path,
    packed: PackedDataset,
    logs: Path,
    params: TrainingParams | None = None,
    profile: HardwareProfile | None = None,
) -> PreTrainedModel:
    """Train on the packed sequences and measure the held-out loss on the same."""
    model = load_model(checkpoint, attention_for("llama"))
    params = params or finetune_params()
    if isinstance(params, LoraParams):
        torch.manual_seed(3)
        model = add_adapters(model, params)
    logs.mkdir()
    fit(model, packed, logs, params, profile)
    return model


def fit(
    model: PreTrainedModel,
    packed: PackedDataset,
    logs: Path,
    params: TrainingParams | None = None,
    profile: HardwareProfile | None = None,
) -> None:
    with TemporaryDirectory() as checkpoints:
        run_trainer(
            model, packed, packed, params or finetune_params(), profile or hardware(), seed=5, stage="train", logs=logs,
            checkpoints=Path(checkpoints),
        )  # fmt: skip


def difference(one: torch.nn.Module, other: torch.nn.Module) -> float:
    """The largest relative difference of a weight."""
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max(((a - b).norm() / b.norm()).item() for a, b in pairs)


METHODS = {"ft": finetune_params(epochs=2), "lora": lora_params(epochs=2)}


def effect_of_accumulation(checkpoint, packed, params, folder) -> float:
    """How far the weights end apart when 8 sequences are computed at once and when 2 are, four times."""
    assert len(packed) % 8
    at_once, accumulated = (
        train(checkpoint, packed, folder / str(size), params, hardware(micro_batch_size=size)) for size in (8, 2)
    )
    return difference(accumulated, at_once)


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_accumulation_changes_nothing(method, tiny_model, packed, tmp_path):
    assert effect_of_accumulation(tiny_model("llama"), packed, METHODS[method], tmp_path) <= 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_negative_control_mean_of_means(method, tiny_model, packed, tmp_path, monkeypatch):
    monkeypatch.setattr(Trainer, "_get_num_items_in_batch", lambda *_: None)
    assert effect_of_accumulation(tiny_model("llama"), packed, METHODS[method], tmp_path) > 1e-4


def curve(logs: Path, name: str) -> dict[int, float]:
    with (logs / "plots" / "metrics" / f"{name}.tsv").open(encoding="utf-8") as stream:
        return {int(row["step"]): float(row[name]) for row in csv.DictReader(stream, delimiter="\t")}


@pytest.fixture(scope="module")
def logs(tiny_model, packed, tmp_path_factory) -> Path:
    """The logs of one short run: two epochs, one sequence per step, a tenth of them warm-up."""
    folder = tmp_path_factory.mktemp("run") / "logs"
    params = finetune_params(epochs=2, batch_size=1)
    train(tiny_model("llama"), packed, folder, params, hardware(micro_batch_size=1))
    return folder


def test_the_learning_rate_warms_up_by_ratio_and_decays_to_nothing(logs, packed):
    rates = curve(logs, "learning_rate")
    steps = 2 * len(packed)
    warmup = math.ceil(0.1 * steps)
    assert list(rates) == list(range(1, steps + 1))
    for step, rate in rates.items():
        done = step - 1
        part = done / warmup if done < warmup else (1 + math.cos(math.pi * (done - warmup) / (steps - warmup))) / 2
        assert rate == pytest.approx(1e-3 * part, rel=1e-4, abs=1e-9)
    assert rates[steps] < 0.02 * 1e-3 < 1e-3 == max(rates.values())


def test_the_summary_holds_the_counts_and_the_last_values(logs, packed):
    metrics = json.loads((logs / "metrics.json").read_text())
    last = {name: list(curve(logs, name).values())[-1] for name in ("loss", "eval_loss")}
    assert metrics == {
        "trainable_parameters": 400 * 64 + 2 * (64 * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 128 + 2 * 64) + 64,
        "steps": 2 * len(packed),
        "tokens_seen": 2 * len(packed.ids),
        **last,
    }
    assert metrics["eval_loss"] < curve(logs, "loss")[1] - 0.1


def test_the_held_out_loss_is_measured_once_an_epoch(logs, packed):
    assert list(curve(logs, "eval_loss")) == [len(packed), 2 * len(packed)]


def test_summary_and_curves_are_written_and_nothing_else(logs):
    curves = {f"plots/metrics/{name}.tsv" for name in ("loss", "learning_rate", "eval_loss")}
    assert contents(logs).keys() == {"metrics.json"} | curves


@pytest.mark.parametrize("inside_experiment", [False, True])
def test_the_repository_is_left_alone(inside_experiment, tiny_model, packed, tmp_path, monkeypatch, capfd):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config").touch()
    monkeypatch.chdir(tmp_path)
    if inside_experiment:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
        monkeypatch.setenv("DVC_ROOT", str(tmp_path))
        monkeypatch.setenv("DVC_EXP_BASELINE_REV", "0" * 40)
    train(tiny_model("llama"), packed, tmp_path / "logs")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".dvc", ".git", "logs"]
    assert [path.name for path in (tmp_path / ".dvc").iterdir()] == ["config"]
    assert subprocess.run(["git", "ls-files"], capture_output=True, check=True).stdout == b""
    output = capfd.readouterr()
    assert output.out == ""
    assert [line.split(":")[:2] for line in output.err.splitlines()] == [["train", " training"]]


def test_a_loss_that_is_no_number_stops_training(tiny_model, packed, tmp_path):
    model = load_model(tiny_model("llama"), attention_for("llama"))
    model.model.norm.weight.data[0] = math.nan
    where = r"on rows .* of data/clean/conversations\.parquet"
    with pytest.raises(UserError, match=rf"^training: the loss is nan at step 1, {where}"):
        fit(model, packed, tmp_path)


def test_segments_longer_than_the_models_positions_are_refused(tiny_model, packed, tmp_path):
    model = load_model(tiny_model("llama"), attention_for("llama"))
    model.config.max_position_embeddings = 16
    longest = np.diff(packed.segments).max()
    with pytest.raises(UserError, match=rf"^params\.yaml: tokenize\.max_length: .*{longest} tokens.* 16 positions"):
        fit(model, packed, tmp_path)


@pytest.mark.gpu
def test_a_gpu_trains_what_a_cpu_does_and_only_one_is_used(tiny_model, packed, tmp_path):
    on_cpu = train(tiny_model("llama"), packed, tmp_path / "cpu")
    profile = hardware(device="cuda", gradient_checkpointing=True)
    assert difference(train(tiny_model("llama"), packed, tmp_path / "gpu", profile=profile).cpu(), on_cpu) <= 1e-3
    assert len((tmp_path / "gpu/plots/metrics/loss.tsv").read_text().split()) == len(
        (tmp_path / "cpu/plots/metrics/loss.tsv").read_text().split()
    )


def test_kernels_that_are_not_installed_are_one_line(monkeypatch):
    monkeypatch.setattr(trainer, "find_spec", lambda name: None)
    trainer.refuse_missing_kernels(hardware(fused_kernels=True))
    with pytest.raises(
        UserError, match=r"^hardware: the profile sets fused_kernels, .*: pip install -e '.\[gpu\]', or "
    ):
        trainer.refuse_missing_kernels(hardware(device="cuda", fused_kernels=True))
