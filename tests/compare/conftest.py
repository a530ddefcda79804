import shutil
from pathlib import Path

import numpy as np
import pytest

from compare.made_up import SCORES, commit, git, keep_as_experiment, write_lock, write_params, write_result


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`main`: a full fine-tuning with a quantized variant; experiments: `lora` is worse, `again` answers the same."""
    folder = tmp_path_factory.mktemp("compare")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        git("init", "-q", "-b", "main")
        Path(".dvc").mkdir()
        Path(".dvc/config").write_text("[core]\n    analytics = false\n")
        Path(".gitignore").write_text("/.dvc/cache\n/.dvc/tmp\n/eval\n")
        write_params()
        write_lock()
        slightly = SCORES.copy()
        slightly[3] = 0.7
        write_result({"metrics": SCORES})
        write_result({"metrics": slightly}, "gptq-int4", texts=[f"int4 {number}" for number in range(48)], size_mb=2.3)
        commit("full fine-tuning")
        write_params(method="lora")
        write_lock(method="lora")
        write_result(
            {"metrics": SCORES * (np.arange(48) % 3 == 0)}, flags={1: "truncated", 2: "contaminated,truncated"}
        )
        keep_as_experiment("lora")
        write_params(seed=2)
        write_result({"metrics": SCORES})
        keep_as_experiment("again")
        git("tag", "v1")
    return folder


@pytest.fixture
def repository(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to change, the working directory."""
    folder = tmp_path / "repository"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def shared(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository itself, only to be read, the working directory."""
    monkeypatch.chdir(made)
    return made
