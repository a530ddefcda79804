"""The hub through its own library, against a local server that speaks enough of its API.

Stages run as processes: the library reads HF_ENDPOINT when it is imported.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
REPO = "someone/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONFIG = json.dumps({"model_type": "llama", "hidden_size": 256, "intermediate_size": 256}).encode()
MODEL = {
    "README.md": b"# a card",
    "config.json": CONFIG,
    "tokenizer_config.json": b"{}",
    "tokenizer.json": b"{}",
    "model.safetensors": b"weights" * 1000,
    "onnx/config.json": b"{}",
}
FETCHED = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
PROFILE = """
source: {{kind: hub, repo: {repo}, revision: {revision}, files: {files}}}
license: MIT
homepage: https://example.org
architecture: llama
hidden_size: 256
intermediate_size: 256
template: belle
"""


@pytest.fixture
def checkout(tmp_path, server):
    server.add_repo("models", REPO, MODEL, COMMIT, lfs="model.safetensors")
    write_profile(tmp_path)
    return tmp_path


def write_params(checkout, **sections):
    """The project's own configuration, which the stages check as a whole, with other sections in it."""
    yaml = YAML(typ="safe")
    params = yaml.load((ROOT / "params.yaml").read_text(encoding="utf-8")) | sections
    yaml.dump(params, checkout / "params.yaml")
    shutil.copytree(ROOT / "configs", checkout / "configs", dirs_exist_ok=True)


def write_profile(checkout, repo=REPO, revision=COMMIT, files='["*.json", "*.safetensors"]', allow=False):
    write_params(checkout, model={"profile": "tiny", "allow_unpinned": allow})
    profile = PROFILE.format(repo=repo, revision=f'"{revision}"' if revision else "null", files=files)
    (checkout / "configs" / "model" / "tiny.yaml").write_text(profile)


def download(checkout, server, cache="download_model", **environment):
    private = {"HF_ENDPOINT": server.address, "HF_HOME": str(checkout / "home"), "NO_PROXY": "127.0.0.1"}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "DVC_"))}
    return subprocess.run(
        [sys.executable, str(ROOT / "stages" / f"{cache}.py")],
        cwd=checkout,
        env=kept | private | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def error_of(done) -> str:
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1
    return lines[0]


def test_model_arrives_with_template_and_provenance(checkout, server):
    done = download(checkout, server)
    assert done.returncode == 0, done.stderr
    base = checkout / "models" / "base"
    names = sorted(str(path.relative_to(base)) for path in base.rglob("*") if path.is_file())
    assert names == sorted([*FETCHED, "chat_template.jinja", "source.json"])
    assert not (base / ".cache").exists()
    assert (base / "model.safetensors").read_bytes() == MODEL["model.safetensors"]
    record = json.loads((base / "source.json").read_text())
    assert record["source"]["revision"] == COMMIT
    assert record["license"] == "MIT"
    assert list(record["files"]) == FETCHED
    assert list((checkout / ".dvc" / "tmp" / "downloads" / "model").iterdir()) == []


def test_unpinned_is_refused_before_anything_is_asked(checkout, server):
    write_profile(checkout, revision=None)
    error = error_of(download(checkout, server))
    assert "model.allow_unpinned: configs/model/tiny.yaml pins no revision of someone/tiny" in error
    assert server.requests == []


def test_unpinned_when_allowed_records_the_commit(checkout, server):
    write_profile(checkout, revision=None, allow=True)
    done = download(checkout, server)
    assert f"not pinned; taking its newest commit {COMMIT}" in done.stderr
    record = json.loads((checkout / "models" / "base" / "source.json").read_text())
    assert record["source"]["revision"] == COMMIT


def test_broken_run_keeps_finished_files_for_the_next(checkout, server):
    weights = f"/{REPO}/resolve/{COMMIT}/model.safetensors"
    content = server.files.pop(weights)
    error_of(download(checkout, server))
    assert not (checkout / "models" / "base").exists()
    server.files[weights] = content
    server.requests.clear()
    assert download(checkout, server).returncode == 0
    fetched = [path for method, path, _ in server.requests if method == "GET" and "/resolve/" in path]
    assert weights in fetched
    assert f"/{REPO}/resolve/{COMMIT}/config.json" not in fetched


def test_other_content_than_the_index_says(checkout, server):
    server.files[f"/{REPO}/resolve/{COMMIT}/model.safetensors"] = b"Weights" * 1000
    error = error_of(download(checkout, server))
    assert "model.safetensors: wrong checksum" in error
    assert not (checkout / "models" / "base").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"repo": "someone/absent", "revision": None, "allow": True}, "someone/absent: no such repository"),
        ({"revision": "f" * 40}, "someone/tiny: no such revision: " + "f" * 40),
        ({"files": '["*.json", "*.bin"]'}, "someone/tiny: no file is named *.bin; correct source.files"),
    ],
)
def test_missing_things(checkout, server, change, message):
    write_profile(checkout, **change)
    assert message in error_of(download(checkout, server))
    assert not (checkout / "models").exists() or list((checkout / "models").iterdir()) == []


def test_unreachable_hub(checkout, server):
    error = error_of(download(checkout, server, HF_ENDPOINT="http://127.0.0.1:9"))
    assert "someone/tiny: the hub cannot be reached" in error


def test_offline_mode(checkout, server):
    error = error_of(download(checkout, server, HF_HUB_OFFLINE="1"))
    assert "someone/tiny: the hub cannot be reached" in error


def test_data_set(tmp_path, server):
    server.add_repo("datasets", "someone/rows", {"a.json": b'{"text": "x"}', "README.md": b"#"}, COMMIT, lfs="a.json")
    sources = {"sources": ["talk"], "text_sources": ["rows"]}
    write_params(tmp_path, data=sources | {"limit": None, "text_limit": None, "allow_unpinned": False})
    common = "language: zh\nlicense: MIT\nhomepage: x\n"
    hub = f'source: {{kind: hub, repo: someone/rows, revision: "{COMMIT}", files: [a.json]}}\nformat: text\n'
    (tmp_path / "configs" / "data" / "rows.yaml").write_text(hub + common)
    (tmp_path / "talk.jsonl").write_text('{"instruction": "q", "output": "a"}')
    local = "source: {kind: path, path: talk.jsonl}\nformat: belle\n"
    (tmp_path / "configs" / "data" / "talk.yaml").write_text(local + common)
    done = download(tmp_path, server, cache="download_data")
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "data" / "raw" / "sources.json").read_text())["rows"]
    assert record["source"]["revision"] == COMMIT
    assert list(record["files"]) == ["a.json"]
    assert record["rows"] == 1
