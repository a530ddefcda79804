"""A small DVC repository whose stages copy hand-made checkpoints: nothing is trained."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dvc.repo import Repo
from ruamel.yaml import YAML

from git_commands import commit, git

PIPELINE = """
stages:
  download_model:
    cmd: cp -r source/base models/base
    deps: [source/base]
    params: [model.profile]
    outs: [models/base]
  pretrain:
    cmd: cp -r source/skipped models/pretrained
    deps: [source/skipped, models/base]
    outs: [models/pretrained]
  train:
    cmd: cp -r source/${train.method} models/trained && echo '{"path":"models/${train.init_from}"}' > ref.json &&
      if [ ${train.method} = lora ]; then mv ref.json models/trained/model_ref.json; fi
    deps: ["source/${train.method}", models/base, "models/${train.init_from}"]
    params: [train.method]
    outs: [models/trained]
  score:
    cmd: mkdir -p metrics && echo '{"unquantized":0.5}' > metrics/score.json
    deps: [models/trained]
    metrics: [{metrics/score.json: {cache: false}}]
"""
PARAMS = {
    "model": {"profile": "nano"},
    "train": {"init_from": "pretrained", "method": "ft"},
    "checkpoint": "trained",
}
WEIGHTS = {"config.json": '{"model_type": "llama", "hidden_size": 64}', "tokenizer_config.json": "{}"}
SOURCES = {
    "base": WEIGHTS | {"model.safetensors": "base"},
    "skipped": {"model_ref.json": '{"path": "models/base"}'},
    "ft": WEIGHTS | {"model.safetensors": "ft"},
    "lora": {"adapter_config.json": "{}", "adapter_model.safetensors": "lora", "tokenizer_config.json": "{}"},
}


def set_params(**changes: Any) -> None:
    """Write params.yaml with other values of `train`, or of a key at the top."""
    train = PARAMS["train"] | {key: value for key, value in changes.items() if key in PARAMS["train"]}
    top = {key: value for key, value in changes.items() if key not in PARAMS["train"]}
    YAML().dump(PARAMS | {"train": train} | top, Path("params.yaml"))


def reproduce(*targets: str) -> None:
    with Repo() as repo:
        repo.reproduce(list(targets) or None)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A full fine-tuning on `main`, LoRA as the experiment `lora-first`, and neither in the workspace's way."""
    folder = tmp_path_factory.mktemp("promote")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{name}_NAME", "tests")
            patch.setenv(f"GIT_{name}_EMAIL", "tests@example.com")
        for name, files in SOURCES.items():
            Path("source", name).mkdir(parents=True)
            for file, content in files.items():
                Path("source", name, file).write_text(content)
        Path("models").mkdir()
        Path("models/.gitkeep").touch()
        Path("dvc.yaml").write_text(PIPELINE)
        Path(".gitignore").write_text("/models/?*\n!/models/promoted/\n/models/promoted/?*/\n")
        set_params()
        git("init", "-q", "-b", "main")
        with Repo.init() as repo, repo.config.edit() as config:
            config["core"] = {"analytics": False}
        git("add", "-A", "-f")
        git("commit", "-q", "-m", "sources")
        reproduce()
        commit("full fine-tuning")
        with Repo() as repo:
            repo.experiments.run(name="lora-first", params=["train.method=lora"])
        git("checkout", "-q", ".")
        with Repo() as repo:
            repo.checkout(force=True)
    return folder


@pytest.fixture
def repository(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to change, the working directory."""
    folder = tmp_path / "repository"
    shutil.copytree(finished, folder, symlinks=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def lock(repository: Path) -> Callable[[], dict[str, str]]:
    """Return the hash of every output, by path, as dvc.lock has them."""

    def read() -> dict[str, str]:
        stages = YAML(typ="safe").load(Path("dvc.lock"))["stages"]
        return {out["path"]: out["md5"] for stage in stages.values() for out in stage["outs"]}

    return read


def contents(folder: Path) -> dict[str, str]:
    """Return the text of every file below a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def pointer(folder: Path) -> str:
    """Return the path that a checkpoint points to."""
    return json.loads((folder / "model_ref.json").read_text())["path"]
