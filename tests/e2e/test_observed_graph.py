"""dvc.yaml held against what the stages do: each is run and watched, under settings that together use every input."""

import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from dvc.repo import Repo
from dvc.stage import PipelineStage
from dvc.utils.hydra import apply_overrides
from observe import opened_by_anyone, opened_by_python, write_hook
from repository import Repository, encrypted_model
from stage_deps import CANNOT_CHANGE_AN_OUTPUT, import_closure

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

DATA = ["data", "models", "eval"]
CANNOT_CHANGE_THE_OUTPUT = {
    ("download_eval", "configs/eval/mini.yaml"): "refuses a set that no metric can score",
    ("download_eval", "params.yaml"): "refuses a set whose prompts no judge can use",
    ("generate_data", "dvc.lock"): "says whether there are replies to keep before the output is emptied",
    ("judge", "dvc.lock"): "the same",
    ("judge_quantized", "dvc.lock"): "the same",
}
"""What a stage opens and does not declare, by stage and path."""
READ_BY_THE_CHECK = {("check", "configs/hardware"), ("check", "configs/endpoint")}
"""What the check of the configuration reads, which runs in a process of its own that is not observed."""
NEEDS_AN_ENDPOINT = {("download_data", "data/generated")}
"""What only an experiment with generated conversations reads (tests/generate_data/test_generate.py)."""
JUDGES = ("judge", "judge_quantized")
"""Stages that read data/check/judge.json alone while no judge is asked, and else what tests/judge/test_stage.py has."""
SETTINGS = {
    "full fine-tuning of a pretrained model": (),
    "adapters on the downloaded model": ("pretrain.enabled=false", "train.method=lora"),
    "adapters on an extended model": ("extend_vocab.enabled=true", "extend_vocab.new_tokens=400"),
    "a decrypted model, not trained": (
        "model.profile=nano-enc", "decrypt.enabled=true", "decrypt.key=key.pth", "pretrain.enabled=false",
        "checkpoint=decrypted", "extend_vocab.enabled=false",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """What dvc.yaml says that a stage reads and writes, with every `${}` resolved."""

    definition: str
    command: str
    deps: set[Path]
    outs: set[Path]

    def covers(self, path: Path) -> bool:
        return any(declared in (path, *path.parents) for declared in self.deps | self.outs)


@pytest.fixture(scope="module")
def observed(finished: Repository, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Declared, set[Path]]]:
    """Every stage with the files of the repository that it opened, under each of the settings."""
    repository = finished.copy(tmp_path_factory.mktemp("observed") / "repository")
    encrypted_model(repository)
    (repository.path / "human_scores/li.json").write_text('{"rater": "li", "report": "none", "scores": {}}')
    found = []
    for number, overrides in enumerate(SETTINGS.values()):
        apply_overrides(repository.path / "params.yaml", list(overrides))
        for index, declared in enumerate(stages_in_order(repository)):
            hook = write_hook(repository.path.parent / f"hook-{number}-{index}")
            with opened_by_anyone(repository.path, DATA) as opened:
                repository.run(sys.executable, *declared.command.split()[1:], **hook)
            opened |= opened_by_python(Path(hook["OBSERVED"]), repository.path)
            found.append((declared, {settled(path) for path in opened}))
    return found


def stages_in_order(repository: Repository) -> list[Declared]:
    order = subprocess.check_output(
        [sys.executable, "-m", "dvc", "repro", "--dry", "--force"], cwd=repository.path, text=True
    )
    names = re.findall(r"^Running stage '(.+)':$", order, flags=re.MULTILINE)
    with Repo(str(repository.path)) as repo:
        found = [stage for stage in repo.index.stages if isinstance(stage, PipelineStage)]
        stages = {stage.name: declared(stage, repository.path) for stage in found}
    assert sorted(names) == sorted(stages)
    return [stages[name] for name in names]


def declared(stage: PipelineStage, root: Path) -> Declared:
    deps, outs = ({Path(one.fs_path).relative_to(root) for one in part} for part in (stage.deps, stage.outs))
    return Declared(stage.name.partition("@")[0], stage.cmd, deps, outs)


def settled(path: Path) -> Path:
    """The final name of a file that is written in a temporary directory or under a temporary name."""
    parts = [re.sub(r"^\.+([^.].*?)(\.old)?(\.partial)+$", r"\1", part) for part in path.parts]
    return Path(*parts)


def test_a_stage_opens_nothing_that_it_does_not_declare(observed):
    left_out = {Path("src/belle", *name.split(".")[1:]).with_suffix(".py") for name in CANNOT_CHANGE_AN_OUTPUT}
    left_out |= {module for path in left_out for module in import_closure(path)}
    undeclared = {
        (stage.definition, str(path))
        for stage, opened in observed
        for path in opened - left_out
        if (stage.definition, str(path)) not in CANNOT_CHANGE_THE_OUTPUT
        if not stage.covers(path) and path.name != "__init__.py" and not is_scratch(path)
    }
    assert not undeclared


def is_scratch(path: Path) -> bool:
    """Downloads that wait, and files of one's own, whose hash is in data/check."""
    return path.parts[:2] == (".dvc", "tmp") or path.parts[0] in ("key.pth", "inputs")


def test_a_stage_opens_every_input_that_it_declares(observed):
    unopened = defaultdict(lambda: True)
    for stage, opened in observed:
        for dep in stage.deps:
            is_gated = stage.definition in JUDGES and dep != Path("data/check/judge.json")
            if dep.parts[0] not in ("src", "stages") and not is_gated:
                touched = any(dep in (path, *path.parents) for path in opened)
                # which profile it is depends on the settings
                name = dep.parent if dep.parts[0] == "configs" and dep.suffix else dep
                unopened[stage.definition, str(name)] &= not touched
    assert {dep for dep, never in unopened.items() if never} == READ_BY_THE_CHECK | NEEDS_AN_ENDPOINT


def test_the_observation_sees_code_native_readers_and_pointers(observed):
    """A control: were the watching broken, the tests above would pass for nothing."""
    opened = defaultdict(set)
    for stage, paths in observed:
        opened[stage.definition] |= paths
    assert Path("src/belle/clean/decisions.py") in opened["clean"]
    assert Path("data/clean/conversations.parquet") in opened["tokenize"]
    assert Path("models/pretrained/model.safetensors") in opened["train"]
    assert Path("models/quantized/gguf-q8_0/model.gguf") in opened["generate_quantized"]
    assert Path("models/pretrained/model_ref.json") in opened["generate"]
    assert Path("src/belle/config/cross_checks.py") not in opened["clean"]
