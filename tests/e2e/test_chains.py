"""The commands of docs/chains.md: models continued from promoted ones, shared, and found again in a fresh clone."""

import json
import shlex
from pathlib import Path

import pytest
from dvc.utils.hydra import apply_overrides
from repository import Repository, ran
from test_readme import CHAINS, commands

from belle.checkpoints.resolve import resolve_checkpoint

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

TRAINED = ("math-lora", "math-ft")
"""Experiments that are run as far as `train`: the others would only take time."""
CONTINUED = {"check", "download_data@conversations", "clean", "tokenize", "train"}
"""What a continuation on other data runs: nothing before the data, and no other model."""


@pytest.fixture
def chained(branch: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The full fine-tuning of the nano model, on `main`, without quantized variants."""
    apply_overrides(branch.path / "params.yaml", ["quantize.schemes=[]"])
    branch.dvc("repro")
    branch.commit("general")
    monkeypatch.chdir(branch.path)
    return branch


def adapt(command: str) -> list[str]:
    """A command's words, with the last stage to run."""
    words = shlex.split(command)
    return [*words, *(["train"] if {*words} & {*TRAINED} and words[:3] == ["dvc", "exp", "run"] else [])]


def pointer(checkpoint: str) -> str:
    return json.loads(Path(checkpoint, "model_ref.json").read_text())["path"]


def test_the_commands_of_the_page_and_a_clone_of_what_they_made(chained: Repository, tmp_path: Path):
    outputs = {command: chained.run(*adapt(command)) for command in commands(CHAINS)}
    lora, ft, twice = (output for command, output in outputs.items() if command.startswith("dvc exp run"))
    assert ran(lora) == CONTINUED
    # the data are those of the experiment before
    assert ran(ft) == {"check", "train"}
    table = next(output for command, output in outputs.items() if command.startswith("dvc exp show"))
    assert "math-lora" in table and "math-ft" in table
    assert [line.split()[0] for line in outputs["belle promote --list"].splitlines()] == ["name", "general", "math"]

    # an adapter on an adapter on the fully fine-tuned model, each where it was promoted
    assert {"train", "generate"} <= ran(twice) and pointer("models/trained") == "models/promoted/math"
    resolved = resolve_checkpoint(Path("models/trained"))
    assert resolved.adapters == (Path("models/promoted/math"), Path("models/trained"))
    assert resolved.base == Path("models/promoted/math/base")
    weights = "model.safetensors"
    assert (resolved.base / weights).read_bytes() == Path("models/promoted/general", weights).read_bytes()

    chained.dvc("push")
    chained.commit("twice")
    clone = chained.clone(tmp_path / "clone")
    clone.dvc("pull")
    assert "Data and pipelines are up to date." in clone.dvc("repro")
    assert clone.is_clean()
    assert (clone.path / "models/promoted/math/base" / weights).exists()
