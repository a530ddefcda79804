"""The stage as a process, behind the check: huggingface_hub reads HF_ENDPOINT when it is imported."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STAGES = Path(__file__).resolve().parents[2] / "stages"
REPO = "someone/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONFIG = {"model_type": "llama", "hidden_size": 256, "intermediate_size": 256}
FILES = {
    "config.json": json.dumps(CONFIG).encode(),
    "tokenizer_config.json": b"{}",
    "tokenizer.json": b"{}",
    "model.safetensors": b"weights" * 1000,
}
PROFILE = "configs/model/mini.yaml"


@pytest.fixture
def repository(change, server):
    """An experiment whose model is a repository of the local server."""
    server.add_repo("models", REPO, FILES, COMMIT, lfs="model.safetensors")
    change(PROFILE, {"source": {"kind": "hub", "repo": REPO, "revision": COMMIT, "files": ["*.json", "*.safetensors"]}})
    return Path.cwd()


def run_stages(server) -> subprocess.CompletedProcess[str]:
    hub = {"HF_ENDPOINT": server.address, "HF_HOME": str(Path("home").absolute()), "NO_PROXY": "127.0.0.1"}
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "DVC_"))}
    for stage in ("check", "download_model"):
        command = [sys.executable, STAGES / f"{stage}.py"]
        done = subprocess.run(command, env=inherited | hub, capture_output=True, text=True)
        if done.returncode:
            break
    return done


def error_of(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    return line


def test_a_model_of_the_hub_arrives_with_template_and_provenance(repository, server):
    done = run_stages(server)
    assert done.returncode == 0, done.stderr
    base = repository / "models" / "base"
    names = sorted(str(path.relative_to(base)) for path in base.rglob("*") if path.is_file())
    assert names == sorted(FILES)
    record = json.loads((repository / "models" / "base.source.json").read_text())
    assert record["source"]["revision"] == COMMIT
    assert sorted(record["files"]) == sorted(FILES)
    assert list((repository / ".dvc" / "tmp" / "downloads" / "model").iterdir()) == []


def test_an_unpinned_model_is_refused_before_the_hub_is_asked(repository, server, change):
    change(PROFILE, {"source.revision": None})
    done = run_stages(server)
    assert done.returncode == 1 and "model.allow_unpinned: " in done.stderr.splitlines()[0]
    assert server.requests == []
