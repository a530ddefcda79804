import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ["torch", "transformers", "datasets", "daft", "pyarrow", "llama_cpp", "gptqmodel", "peft", "numpy", "dvc"]
RUN = f"""
import json, sys
from belle.cli import main
try:
    main()
finally:
    print(json.dumps([name for name in {HEAVY} if name in sys.modules]))
"""


def belle(*arguments: str) -> subprocess.CompletedProcess:
    """Run the command in a process of its own; the last line of its output is what it imported of `HEAVY`."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", RUN, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_check_accepts_the_configuration_and_imports_nothing_heavy(change):
    done = belle("check")
    line, heavy = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert "valid" in line
    assert json.loads(heavy) == []


def test_check_says_which_key_is_not_there(change, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    judge = ("-Sevaluate.set=belle", "-Sevaluate.scorer=judge", "-Sevaluate.judge.endpoint=openai")
    done = belle("check", *judge)
    assert done.returncode == 0 and done.stderr.startswith("note: configs/endpoint/openai.yaml: ")
    assert belle("check", "--quiet", *judge).stderr == ""


def test_check_shows_every_problem_as_a_plain_line(change):
    change("params.yaml", {"seed": -1, "train.method": "fft"})
    done = belle("check")
    assert done.returncode == 1
    seed, method = done.stderr.splitlines()
    assert seed.startswith("error: params.yaml: seed: ")
    assert method.startswith("error: params.yaml: train.method: ")
    assert "mean ft?" in method
    assert done.stdout.splitlines() == ["[]"]


def test_check_takes_the_overrides_of_dvc_and_changes_no_file(change):
    before = Path("params.yaml").read_bytes()
    done = belle("check", "-S", "train.method=fft", "-S", "seed=-1")
    assert done.returncode == 1
    assert [line.split(": ")[2] for line in done.stderr.splitlines()] == ["seed", "train.method"]
    assert Path("params.yaml").read_bytes() == before


@pytest.mark.slow
def test_estimate_refuses_what_cannot_fit_in_one_line(change):
    large = ("-Smodel.profile=llama-7b", "-Spretrain.enabled=false", "-Shardware=1gpu-24gb")
    done = belle("estimate", *large, "-Squantize.schemes=[]")
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert "GB per device" in line
    assert "train.method=lora" in done.stdout
    assert belle("estimate", *large, "-Strain.method=lora").returncode == 0


def test_a_device_without_speed_is_refused(change):
    done = belle("estimate", "--tflops", "0")
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_check_outside_of_the_repository_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = belle("check")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: params.yaml: no such file")


def test_decrypt_is_the_inverse_of_encrypt(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"0123456789" * 100)
    (tmp_path / "key").write_bytes(b"a key that is shorter")
    paths = {name: str(tmp_path / name) for name in ("weights.bin", "key", "encrypted", "open")}
    done = belle("encrypt", paths["weights.bin"], "--key", paths["key"], "--out", paths["encrypted"])
    assert done.returncode == 0, done.stderr
    done = belle("decrypt", paths["encrypted"], "--key", paths["key"], "--out", paths["open"])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "open" / "weights.bin").read_bytes() == b"0123456789" * 100


def test_promote_needs_an_experiment_and_a_name():
    for arguments in ([], ["lora"]):
        done = belle("promote", *arguments)
        assert done.returncode == 1
        assert (
            done.stderr == "error: give an experiment and a name, or --list, or --remove NAME: belle promote --help\n"
        )
