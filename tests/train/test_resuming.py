"""Trainings that are killed and run again, and trainings in two processes, as real processes."""

import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from belle.config.hardware import HardwareProfile
from belle.config.train import TrainParams
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.save import save_tokenizer
from factories import contents, finetune_params, hardware, lora_params

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SCRIPT = Path(__file__).with_name("training_stage.py")
SOURCE = Path(__file__).resolve().parents[2] / "src"
ONE = hardware(micro_batch_size=1, checkpoint_minutes=0)
TWO = hardware(micro_batch_size=1, num_processes=2, zero_stage=2, checkpoint_minutes=0)


class Stage:
    """A folder with models/base and tokens, and the training that starts there."""

    def __init__(self, folder: Path, method: str = "lora", profile: HardwareProfile = ONE, **changes: object) -> None:
        settings = {"epochs": 3, "batch_size": 2} | changes
        sections = {"ft": finetune_params(), "lora": lora_params()}
        sections[method] = finetune_params(**settings) if method == "ft" else lora_params(**{"dropout": 0.1} | settings)
        self.folder, params = folder, TrainParams(init_from="base", method=method, **sections)
        self.variables = {
            "PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1",
            "PARAMS": params.model_dump_json(), "HARDWARE": profile.model_dump_json(),
        }  # fmt: skip

    def start(self, **variables: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, SCRIPT], cwd=self.folder, env=os.environ | self.variables | variables, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def run(self, exit_code: int = 0, **variables: str) -> str:
        process = self.start(**variables)
        printed = process.communicate(timeout=200)[0]
        assert process.returncode == exit_code, printed
        return printed

    def results(self) -> dict[str, bytes]:
        return {folder: contents(self.folder / folder) for folder in ("models/trained", "logs/train")}

    def checkpoints(self) -> list[str]:
        return sorted(path.name for path in (self.folder / ".dvc/tmp/checkpoints").glob("*/*"))


@pytest.fixture(scope="module")
def stage(tiny_model, packed_directory, tmp_path_factory) -> Callable[..., Stage]:
    """Make a `Stage` in a folder of its own."""

    def make(*arguments: object, **changes: object) -> Stage:
        folder = tmp_path_factory.mktemp("stage")
        shutil.copytree(tiny_model("llama"), folder / "models" / "base")
        for split in ("train", "eval"):
            shutil.copytree(packed_directory, folder / "tokens" / split)
        save_tokenizer(load_tokenizer(tiny_model("llama")), folder / "tokens" / "tokenizer")
        return Stage(folder, *arguments, **changes)

    return make


@pytest.fixture(scope="module")
def whole(stage) -> Stage:
    """LoRA with dropout, never killed: three epochs of four steps."""
    done = stage()
    done.run()
    return done


# step 8 ends an epoch
@pytest.mark.parametrize("kill", ["computing 1", "computing 6", "saving 6", "saving 8"])
def test_a_killed_training_that_runs_again_leaves_the_same_bytes(whole, stage, kill):
    killed = stage()
    killed.run(exit_code=-signal.SIGKILL, KILL=kill)
    assert not (killed.folder / "models/trained").exists()
    last = int(kill.split()[1]) - (1 if kill.startswith("saving") else 0)
    assert f"checkpoint-{last}" in killed.checkpoints()
    assert f"goes on from the checkpoint of step {last} " in killed.run()
    assert killed.results() == whole.results()
    assert killed.checkpoints() == whole.checkpoints() == []


def test_every_weight_trained_killed_twice(stage):
    whole, killed = stage("ft"), stage("ft")
    whole.run()
    killed.run(exit_code=-signal.SIGKILL, KILL="computing 3")
    killed.run(exit_code=-signal.SIGKILL, KILL="saving 7")
    killed.run()
    assert killed.results() == whole.results()


@pytest.fixture(scope="module")
def one_process(stage) -> Stage:
    """Every weight trained, twenty steps and more; an uneven number of sequences: the last batch is not full."""
    done = stage("ft", epochs=6)
    done.run()
    return done


def assert_same_training(one: Stage, other: Stage, name: str = "model.safetensors", steps: int = 20) -> None:
    weights = [load_file(each.folder / "models/trained" / name) for each in (one, other)]
    largest = max(((weights[0][key] - weights[1][key]).norm() / weights[0][key].norm()).item() for key in weights[0])
    assert largest <= 1e-5
    rates = [each.results()["logs/train"]["plots/metrics/learning_rate.tsv"] for each in (one, other)]
    assert rates[0] == rates[1] and rates[0].count(b"\n") > steps


@pytest.mark.parametrize("zero_stage", [0, 2, 3])
def test_two_processes_train_what_one_does(one_process, stage, zero_stage):
    two = stage("ft", hardware(micro_batch_size=1, num_processes=2, zero_stage=zero_stage), epochs=6)
    printed = two.run()
    assert [line.split(":")[0] for line in printed.splitlines()] == ["train"], printed
    assert_same_training(one_process, two)
    assert two.checkpoints() == []


def test_two_processes_train_the_adapters_that_one_does(stage):
    """Without dropout, whose random numbers are each process's own."""
    one = stage("lora", dropout=0.0)
    two = stage("lora", hardware(micro_batch_size=1, num_processes=2, zero_stage=2), dropout=0.0)
    one.run()
    two.run()
    assert_same_training(one, two, "adapter_model.safetensors", steps=12)


def test_two_nodes_train_what_one_does(one_process, stage, free_port):
    nodes = hardware(micro_batch_size=1, num_nodes=2, zero_stage=2)
    first = stage("ft", nodes, epochs=6)
    where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port)}
    second = first.start(NODE_RANK="1", **where)
    first.run(NODE_RANK="0", **where)
    assert second.wait(60) == 0, second.communicate()[0]
    assert_same_training(one_process, first)


def test_a_node_that_is_not_told_where_the_first_one_is(stage):
    printed = stage("ft", hardware(num_nodes=2)).run(exit_code=1)
    assert printed.startswith("error: hardware: the profile has 2 nodes: set MASTER_ADDR, MASTER_PORT, NODE_RANK ")
    assert printed.count("\n") == 1


def test_two_processes_go_on_to_the_same_bytes(stage):
    """LoRA with dropout: every process has random numbers of its own."""
    whole, killed = stage("lora", TWO), stage("lora", TWO)
    whole.run()
    printed = killed.run(exit_code=1, KILL="saving 7", KILL_RANK="1")
    assert printed.splitlines()[-1].startswith("error: training process 1 was killed by SIGKILL; ")
    killed.run()
    assert killed.results() == whole.results()


def test_a_checkpoint_that_does_not_fit_the_disk_leaves_the_one_before(whole, stage):
    full = stage()
    printed = full.run(exit_code=1, KILL="full 6")
    assert printed.splitlines()[-1].startswith(f"error: {full.folder}/.dvc/tmp/checkpoints/")
    assert "the checkpoint of step 6 cannot be written" in printed and "of step 5 is kept; free space" in printed
    assert full.checkpoints() == ["checkpoint-5"]
    full.run()
    assert full.results() == whole.results()


def test_a_loss_that_is_no_number_names_step_and_rows_in_one_line(stage):
    training = stage("ft", TWO)
    weights = training.folder / "models/base/model.safetensors"
    tensors = load_file(weights)
    tensors["model.norm.weight"][0] = math.nan
    save_file(tensors, weights, {"format": "pt"})
    printed = training.run(exit_code=1)
    # each process has rows of its own
    errors = [line for line in printed.splitlines() if not line.startswith("train: training: ")]
    assert errors
    for line in errors:
        assert re.match(r"error: training: the loss is nan at step 1, on rows [\d, and more]+ of data/clean/", line)


def test_processes_end_with_the_one_that_started_them(stage):
    training = stage("lora", TWO, epochs=1000)
    process = training.start()
    while not any(name.startswith("checkpoint-") for name in training.checkpoints()):
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    process.kill()
    # the pipe is closed when all that hold it have ended
    process.communicate(timeout=30)


def test_two_trainers_of_one_experiment(stage):
    training = stage(epochs=1000)
    process = training.start()
    while not training.checkpoints():
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    printed = training.run(exit_code=1)
    assert printed.count("\n") == 1 and "another process trains this very experiment" in printed
    os.killpg(process.pid, signal.SIGTERM)
    assert process.wait(30) == 143
    assert training.checkpoints(), "what the first one had done is kept"


def test_another_experiment_does_not_go_on_from_a_checkpoint(stage):
    first = stage()
    first.run(exit_code=-signal.SIGKILL, KILL="computing 6")
    other = Stage(first.folder, learning_rate=5e-4)
    printed = other.run()
    assert "goes on" not in printed
    assert "checkpoints of other trainings that were ended (1)" in printed
