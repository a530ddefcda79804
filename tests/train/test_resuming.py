"""Trainings that are killed and run again, and trainings in two processes, as real processes."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file

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
        sections = {"ft": finetune_params(**settings), "lora": lora_params(dropout=0.1, **settings)}
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


@pytest.fixture
def stage(tiny_model, packed_directory, tmp_path) -> Callable[..., Stage]:
    """Make a `Stage` in a folder of its own."""

    def make(name: str, *arguments: object, **changes: object) -> Stage:
        folder = tmp_path / name
        shutil.copytree(tiny_model("llama"), folder / "models" / "base")
        for split in ("train", "eval"):
            shutil.copytree(packed_directory, folder / "tokens" / split)
        save_tokenizer(load_tokenizer(tiny_model("llama")), folder / "tokens" / "tokenizer")
        return Stage(folder, *arguments, **changes)

    return make


# three epochs of four steps
@pytest.mark.parametrize("kill", ["computing 1", "computing 6", "computing 8", "saving 6", "saving 8"])
def test_a_killed_training_that_runs_again_leaves_the_same_bytes(stage, kill):
    whole, killed = stage("whole"), stage("killed")
    whole.run()
    killed.run(exit_code=-signal.SIGKILL, KILL=kill)
    assert not (killed.folder / "models/trained").exists()
    last = int(kill.split()[1]) - (1 if kill.startswith("saving") else 0)
    assert f"checkpoint-{last}" in killed.checkpoints()
    assert f"goes on from the checkpoint of step {last} " in killed.run()
    assert killed.results() == whole.results()
    assert killed.checkpoints() == whole.checkpoints() == []


def test_every_weight_trained_killed_twice(stage):
    whole, killed = stage("whole", "ft"), stage("killed", "ft")
    whole.run()
    killed.run(exit_code=-signal.SIGKILL, KILL="computing 3")
    killed.run(exit_code=-signal.SIGKILL, KILL="saving 7")
    killed.run()
    assert killed.results() == whole.results()


@pytest.mark.parametrize("method", ["ft", "lora"])
def test_two_processes_train_what_one_does(stage, method):
    # an uneven number of sequences: the last batch of an epoch is not full
    one, two = stage("one", method, epochs=6), stage("two", method, TWO, epochs=6)
    one.variables["PARAMS"] = two.variables["PARAMS"] = one.variables["PARAMS"].replace('"dropout":0.1', '"dropout":0.0')
    one.run()
    printed = two.run()
    assert [line.split(":")[0] for line in printed.splitlines()] == ["train"], printed
    name = {"ft": "model", "lora": "adapter_model"}[method]
    weights = [load_file(each.folder / f"models/trained/{name}.safetensors") for each in (one, two)]
    largest = max(((weights[0][key] - weights[1][key]).norm() / weights[0][key].norm()).item() for key in weights[0])
    assert largest <= 1e-5
    rates = [each.results()["logs/train"]["plots/metrics/learning_rate.tsv"] for each in (one, two)]
    assert rates[0] == rates[1]
    assert two.checkpoints() == []


@pytest.mark.parametrize("kill", ["computing 6", "saving 7"])
def test_two_processes_go_on_to_the_same_bytes(stage, kill):
    whole, killed = stage("whole", "lora", TWO), stage("killed", "lora", TWO)
    whole.run()
    printed = killed.run(exit_code=1, KILL=kill, KILL_RANK="1")
    assert printed.splitlines()[-1].startswith("error: training process 1 was killed by SIGKILL; ")
    killed.run()
    assert killed.results() == whole.results()


def test_processes_end_with_the_one_that_started_them(stage):
    training = stage("one", "lora", TWO, epochs=1000)
    process = training.start()
    while not any(name.startswith("checkpoint-") for name in training.checkpoints()):
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    process.kill()
    # the pipe is closed when all that hold it have ended
    process.communicate(timeout=30)


def test_two_trainers_of_one_experiment(stage):
    training = stage("one", epochs=1000)
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
    first = stage("one")
    first.run(exit_code=-signal.SIGKILL, KILL="computing 6")
    other = Stage(first.folder, learning_rate=5e-4)
    printed = other.run()
    assert "goes on" not in printed
    assert "note: 1 other trainings that were ended keep " in printed
