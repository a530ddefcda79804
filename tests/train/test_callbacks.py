from types import SimpleNamespace

import pytest
from transformers import TrainerState

from belle.checkpoints.models import load_model
from belle.progress import progress
from belle.train.batches import EpochSampler, EvenDataset
from belle.train.callbacks import TrainingCallback, mean_loss, rounded
from belle.train.collator import FlatCollator
from belle.train.trainer import attention_for


@pytest.fixture
def callback(tmp_path, packed):
    with progress("train", 9, "steps") as bar:
        sampler = EpochSampler(EvenDataset(packed, 1), seed=1)
        yield TrainingCallback(tmp_path, sampler, bar, held_out=lambda model: model.loss)


def state(step: int, is_main_process: bool = True, history: tuple = ()) -> TrainerState:
    return TrainerState(global_step=step, is_world_process_zero=is_main_process, log_history=list(history))


def curve(folder, name: str) -> list[str]:
    return (folder / "plots" / "metrics" / f"{name}.tsv").read_text().split()[2:]


def test_curves_stand_at_optimizer_steps(callback, tmp_path):
    callback.on_train_begin(None, state(0), None)
    callback.on_log(None, state(3), None, logs={"loss": 2.5, "learning_rate": 1.234567891e-7})
    callback.on_epoch_end(None, state(4), None, model=SimpleNamespace(loss=1.5))
    callback.on_log(None, state(6), None, logs={"loss": 2.0, "learning_rate": 0.0})
    assert curve(tmp_path, "loss") == ["3", "2.5", "6", "2.0"]
    assert curve(tmp_path, "eval_loss") == ["4", "1.5"]
    assert curve(tmp_path, "learning_rate")[:2] == ["3", "1.23457e-07"]


def test_a_run_that_goes_on_writes_the_curves_from_their_beginning(callback, tmp_path):
    history = ({"loss": 3.0, "learning_rate": 0.5, "grad_norm": 1.0, "step": 2}, {"eval_loss": 2.5, "step": 2})
    callback.on_train_begin(None, state(2, history=history), None)
    callback.on_log(None, state(4), None, logs={"loss": 2.0, "learning_rate": 0.25})
    assert curve(tmp_path, "loss") == ["2", "3.0", "4", "2.0"]
    assert curve(tmp_path, "eval_loss") == ["2", "2.5"]
    assert callback.bar.n == 2


def test_what_the_trainer_reports_at_its_end_is_no_point_of_a_curve(callback, tmp_path):
    callback.on_train_begin(None, state(0), None)
    callback.on_log(None, state(9), None, logs={"train_runtime": 1.0})
    assert not (tmp_path / "plots").exists()


def test_other_processes_than_the_main_one_log_nothing(callback, tmp_path):
    callback.on_train_begin(None, state(0, is_main_process=False), None)
    callback.on_log(None, state(3, is_main_process=False), None, logs={"loss": 2.5, "learning_rate": 0.1})
    assert list(tmp_path.iterdir()) == []


def test_each_optimizer_step_advances_the_bar_with_the_last_loss(callback):
    callback.on_train_begin(None, state(0), None)
    callback.on_log(None, state(1), None, logs={"loss": 2.5, "learning_rate": 0.1})
    callback.on_step_end(None, state(2), None)
    assert callback.bar.n == 1
    assert callback.bar.postfix == "loss 2.500"


def test_the_held_out_loss_weighs_every_token_alike(tiny_model, packed):
    model = load_model(tiny_model("llama"), attention_for("llama")).train()
    one_by_one, by_three, at_once = (mean_loss(model, packed, FlatCollator(), size) for size in (1, 3, len(packed)))
    assert [by_three, at_once] == pytest.approx([one_by_one] * 2, rel=1e-6)
    assert model.training


@pytest.mark.parametrize(("value", "expected"), [(1.23456789, 1.23457), (2.5e-7, 2.5e-7), (1.234567891e-7, 1.23457e-7)])
def test_rounding_keeps_small_rates(value, expected):
    assert rounded(value) == expected
