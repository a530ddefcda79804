"""Copies of this repository to run real commands in."""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
NANO = [
    "model.profile=nano",
    "data.limit=300",
    "data.texts.limit=300",
    "tokenize.eval_fraction=0.1",
    "evaluate.limit=22",
    "evaluate.generate.max_new_tokens=8",
    "quantize.calibration.samples=8",
    "train.ft.epochs=1",
    "train.lora.epochs=1",
    "quantize.schemes=[gptq-int4,gguf-q8_0]",
]
"""Overrides that make the whole pipeline run in about a minute."""


@dataclass
class Repository:
    """A checkout to run real commands in."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, exit_code: int = 0, **environment: str) -> str:
        """Run a command that must end with `exit_code`; return what it printed."""
        done = subprocess.run(
            command, cwd=self.path, env=self.variables() | environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == exit_code, f"{' '.join(command)}\n{done.stdout}"
        return done.stdout

    def variables(self) -> dict[str, str]:
        """Return the environment that its commands run in."""
        return _environment() | self.environment

    def dvc(self, *arguments: str, **environment: str) -> str:
        """Run dvc."""
        return self.run("dvc", *arguments, **environment)

    def experiment(self, *overrides: str, **environment: str) -> set[str]:
        """Run an experiment with `-S` overrides in the workspace; return the costly stages that ran."""
        flags = [word for override in overrides for word in ("-S", override)]
        return costly(self.dvc("exp", "run", *flags, **environment))

    def finish_queue(self) -> None:
        """Start the queue, wait until it is empty, and require that every experiment succeeded."""
        self.dvc("queue", "start")
        while re.search(r"\b(Queued|Running)\b", status := self.dvc("queue", "status")):
            time.sleep(2)
        assert "Success" in status and "Failed" not in status, status

    def commit(self, message: str) -> None:
        """Commit everything that git tracks or does not ignore."""
        self.run("git", "add", "-A")
        self.run("git", "commit", "-q", "-m", message)

    def clone(self, target: Path) -> "Repository":
        """A fresh git clone: no data, no DVC cache."""
        self.run("git", "clone", "-q", ".", str(target))
        return Repository(target)

    def copy(self, target: Path) -> "Repository":
        """A copy of everything, DVC's cache and run cache included."""
        shutil.copytree(self.path, target, symlinks=True)
        return Repository(target)

    def lock(self) -> dict[str, dict[str, str]]:
        """Hash of every output by stage, as dvc.lock has them."""
        stages = YAML(typ="safe").load((self.path / "dvc.lock").read_text(encoding="utf-8"))["stages"]
        return {name: {out["path"]: out["md5"] for out in stage["outs"]} for name, stage in stages.items()}

    def is_clean(self) -> bool:
        """Whether Git sees no change."""
        return self.run("git", "status", "--short") == ""


def ran(output: str) -> set[str]:
    """Names of the stages that dvc ran, rather than restored from its cache."""
    return set(re.findall(r"^Running stage '(.+)':$", output, flags=re.MULTILINE))


def costly(output: str) -> set[str]:
    """Names of the stages that dvc ran, but for those that take a second and that no model depends on."""
    quick = ("check", "describe_data", "judge", "score", "summarize")
    return {stage for stage in ran(output) if not stage.startswith(quick)}


def encrypted_model(repository: Repository) -> None:
    """Encrypt models/base with `key.pth` and add the profile `nano-enc` that names the result."""
    (repository.path / "key.pth").write_bytes(bytes(range(1, 252)) * 40)
    repository.run("belle", "encrypt", "models/base", "--key", "key.pth", "--out", "inputs/encrypted")
    repository.dvc("add", "inputs/encrypted")
    profile = (repository.path / "configs/model/nano.yaml").read_text()
    head, _, tail = profile.partition("source:\n  kind: builtin\n  name: nano\n")
    source = "source:\n  kind: path\n  path: inputs/encrypted\nencrypted: true\n"
    (repository.path / "configs/model/nano-enc.yaml").write_text(head + source + tail)


def _environment() -> dict[str, str]:
    """The tests' own environment, dvc and python found first, nothing of an outer dvc run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DVC", "PYTEST", "GIT_"))}
    binaries = str(Path(sys.executable).parent)
    identity = {
        f"GIT_{who}_{what}": "tests@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    return kept | identity | {"PATH": f"{binaries}:{kept['PATH']}", "DVC_NO_ANALYTICS": "1"}


def copy_checkout(target: Path) -> Repository:
    """Copy the files of this checkout that git knows or does not ignore, and commit them."""
    names = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True).splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    repository = Repository(target)
    repository.run("git", "init", "-q", "-b", "main")
    repository.commit("copy")
    return repository
