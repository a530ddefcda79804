"""What DVC's cache holds is restored and never computed again; a run that is repeated leaves Git's tree clean."""

import shutil
from pathlib import Path

import pytest
from repository import Repository, costly, ran

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

CACHED = [
    "data/check", "data/raw", "data/eval", "data/clean", "data/card", "data/tokens", "models/base", "models/decrypted",
    "models/extended", "models/pretrained", "logs/pretrain", "models/trained", "logs/train",
    "models/quantized/gptq-int4", "models/quantized/gguf-q8_0", "eval/unquantized", "eval/gptq-int4",
    "eval/judgments/unquantized",
]  # fmt: skip
"""One output of every kind."""
DIRECTORIES = ["data", "models", "logs", "eval"]


def delete(repository: Repository, *paths: str) -> None:
    for path in paths:
        shutil.rmtree(repository.path / path)


@pytest.fixture(scope="module")
def repeated(finished: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A clone that pulled nothing and ran the whole pipeline itself, with another hash seed and thread count."""
    clone = finished.clone(tmp_path_factory.mktemp("repeated") / "clone")
    clone.dvc("repro", PYTHONHASHSEED="1", OMP_NUM_THREADS="1", RAYON_NUM_THREADS="1")
    return clone


def test_the_same_bytes_come_out_and_the_tree_stays_clean(finished, repeated):
    assert repeated.lock() == finished.lock()
    assert repeated.is_clean()


def test_so_does_every_stage_that_is_forced_to_run_again(repeated, tmp_path):
    again = repeated.copy(tmp_path / "again")
    output = again.dvc("repro", "--force", PYTHONHASHSEED="2", OMP_NUM_THREADS="2", RAYON_NUM_THREADS="2")
    assert ran(output) == set(again.dvc("stage", "list", "--name-only").split())
    assert again.is_clean()


def test_every_output_that_is_deleted_is_restored_where_it_was_computed(branch):
    for path in CACHED:
        delete(branch, path)
        assert ran(branch.dvc("repro")) == set(), path
        assert (branch.path / path).is_dir() and branch.is_clean()


def test_all_outputs_are_restored_in_a_clone_that_computed_them(repeated, tmp_path):
    clone = repeated.copy(tmp_path / "clone")
    delete(clone, *DIRECTORIES)
    assert ran(clone.dvc("repro")) == set()
    assert clone.is_clean()


def test_a_colleague_who_pulled_has_nothing_to_do_and_can_delete_everything(finished, tmp_path):
    clone = finished.clone(tmp_path / "clone")
    clone.dvc("pull")
    assert "Data and pipelines are up to date." in clone.dvc("repro")
    delete(clone, *DIRECTORIES)
    assert ran(clone.dvc("repro")) == set()
    assert clone.is_clean()


def test_a_colleague_who_pulled_one_output_gets_the_others_without_computing(finished, tmp_path):
    clone = finished.clone(tmp_path / "clone")
    clone.dvc("pull", "models/trained")
    assert ran(clone.dvc("repro", "--pull")) == set()
    assert (clone.path / "models/trained/model.safetensors").exists() and clone.is_clean()


def test_going_to_another_commit_and_back_computes_nothing(branch, tmp_path):
    before = branch.lock()
    branch.run("git", "checkout", "-q", "-b", "lora")
    assert "train" in branch.experiment("train.method=lora")
    branch.commit("lora")
    after = branch.lock()
    branch.dvc("push")
    for repository in (branch, colleague_on(branch, "lora", tmp_path / "colleague")):
        for commit, lock in (("main", before), ("lora", after)):
            repository.run("git", "checkout", "-q", commit)
            assert ran(repository.dvc("repro")) == set()
            assert repository.lock() == lock and repository.is_clean()


def colleague_on(repository: Repository, commit: str, target: Path) -> Repository:
    """A clone that pulled the artifacts of `main` and of another commit."""
    clone = repository.clone(target)
    clone.run("git", "fetch", "-q", "origin", "main:main")
    clone.dvc("pull", "--all-commits")
    clone.run("git", "checkout", "-q", commit)
    return clone


def test_switching_back_by_a_parameter_restores_results_and_times(branch):
    times = (branch.path / "metrics/details/speed.json").read_text()
    branch.experiment("train.method=lora")
    assert (branch.path / "metrics/details/speed.json").read_text() != times
    assert branch.experiment("train.method=ft") == set()
    assert branch.is_clean()


@pytest.mark.parametrize("path", ["metrics/scores", "metrics/details/eval", "metrics/train.json", "metrics"])
def test_what_only_git_tracks_is_written_again_by_the_stages_of_seconds(branch, path):
    times = (branch.path / "metrics/details/speed.json").read_text()
    target = branch.path / path
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    assert costly(branch.dvc("repro")) == set()
    # measured on this machine: its own record brings the times back
    assert (branch.path / "metrics/details/speed.json").read_text() == times
    assert branch.is_clean()


def test_merging_two_peoples_results_trains_nothing_that_one_of_them_has_trained(branch, tmp_path):
    """README's recipe: their side of dvc.lock brings their results, one's own are in the run cache."""
    branch.run("git", "checkout", "-q", "-b", "mine")
    branch.experiment("evaluate.limit=11")
    branch.commit("half the questions")
    theirs = branch.clone(tmp_path / "theirs")
    theirs.run("git", "checkout", "-q", "-b", "theirs", "origin/main")
    theirs.dvc("pull")
    assert "train" in theirs.experiment("train.method=lora")
    theirs.commit("lora")
    theirs.dvc("push")
    branch.run("git", "fetch", "-q", str(theirs.path), "theirs:theirs")
    assert "CONFLICT" in branch.run("git", "merge", "theirs", exit_code=1)
    assert "<<<<<<<" not in (branch.path / "dvc.lock").read_text()
    branch.run("git", "checkout", "--theirs", "dvc.lock", "metrics")
    output = branch.dvc("repro", "--pull")
    assert not {stage for stage in ran(output) if stage.startswith(("train", "quantize", "pretrain"))}
    branch.commit("merged")
    assert branch.is_clean() and "up to date" in branch.dvc("repro")
    params = (branch.path / "params.yaml").read_text()
    assert "method: lora" in params and "limit: 11" in params
