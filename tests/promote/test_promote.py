import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from dvc.exceptions import DvcException
from dvc.repo import Repo

from belle.checkpoints.resolve import resolve_checkpoint
from belle.config.promoted import read_provenance
from belle.errors import UserError
from belle.promote.promote import promote

from .conftest import SOURCES, commit, contents, git, pointer, reproduce, set_params

PROMOTED = Path("models/promoted")


def configure(**sections: dict) -> None:
    with Repo() as repo, repo.config.edit("local") as config:
        config |= sections


def lose_cache() -> None:
    shutil.rmtree(".dvc/cache")


def nothing_is_left() -> bool:
    return not list(PROMOTED.glob("*")) and git("status", "--short") == ""


def test_a_full_model_is_copied_tracked_and_shown_to_git(repository, lock):
    promote("main", "one")
    assert contents(PROMOTED / "one") == SOURCES["ft"]
    assert git("status", "--short") == "A  models/promoted/one.dvc"
    with Repo() as repo:
        assert not repo.status()


def test_its_provenance_says_where_it_came_from(repository, lock):
    promote("main", "one")
    provenance = read_provenance("one")
    assert provenance.revision == git("rev-parse", "main") and provenance.experiment is None
    assert provenance.hashes == {"models/trained": lock()["models/trained"]}
    assert provenance.metrics == {"unquantized": 0.5}
    assert provenance.params["train"] == {"init_from": "pretrained", "method": "ft"}
    assert provenance.config == {"model_type": "llama", "hidden_size": 64}
    assert f"md5: {provenance.md5}\n" in (PROMOTED / "one.dvc").read_text()
    assert "desc: models/trained of commit" in (PROMOTED / "one.dvc").read_text()


def test_an_edited_model_keeps_its_provenance_and_is_known_by_another_hash(repository):
    promote("main", "one")
    before = read_provenance("one")
    (PROMOTED / "one/model.safetensors").write_text("edited")
    # what `dvc repro` does with a changed file of its own
    with Repo() as repo:
        repo.commit("models/promoted/one.dvc", force=True)
    assert read_provenance("one") == before
    assert f"- md5: {before.md5}\n" not in (PROMOTED / "one.dvc").read_text()


def test_promoting_again_writes_the_same_bytes(repository):
    promote("lora-first", "one")
    first = (PROMOTED / "one.dvc").read_bytes()
    promote("lora-first", "one", force=True)
    assert (PROMOTED / "one.dvc").read_bytes() == first


def test_an_adapter_takes_its_base_along(repository, lock):
    promote("lora-first", "one")
    assert read_provenance("one").experiment == "lora-first"
    assert set(read_provenance("one").hashes) == {"models/trained", "models/base"}
    shutil.rmtree("models/base")
    resolved = resolve_checkpoint(PROMOTED / "one")
    assert resolved.adapters == (PROMOTED / "one",) and resolved.base == PROMOTED / "one/base"
    assert resolved.tokenizer == PROMOTED / "one"
    assert contents(resolved.base) == SOURCES["base"]


def test_an_adapter_on_an_adapter_takes_both_along(repository):
    promote("lora-first", "one")
    commit("one")
    with Repo() as repo:
        repo.experiments.run(name="second", params=["train.method=lora", "train.init_from=promoted/one"])
    promote("second", "two")
    shutil.rmtree(PROMOTED / "one")
    resolved = resolve_checkpoint(PROMOTED / "two")
    assert resolved.adapters == (PROMOTED / "two/base", PROMOTED / "two")
    assert contents(resolved.base) == SOURCES["base"]
    assert pointer(PROMOTED / "two/base") == "models/promoted/two/base/base"
    assert set(read_provenance("two").hashes) == {"models/trained", "models/promoted/one"}


def test_the_checkpoint_is_the_evaluated_one_or_the_one_named(repository):
    promote("main", "named", "pretrained")
    set_params(checkpoint="pretrained")
    commit("another checkpoint")
    promote("HEAD", "evaluated")
    # a skipped stage: what it points to
    assert contents(PROMOTED / "named") == contents(PROMOTED / "evaluated") == SOURCES["base"]
    assert read_provenance("evaluated").checkpoint == "pretrained"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("lora-frist", "no experiment, branch or commit has this name; did you mean lora-first"),
        ("zzzz", "there are: lora-first"),
        ("workspace", "commit the results"),
    ],
)
def test_what_is_no_experiment_is_refused(repository, asked, said):
    with pytest.raises(UserError, match=rf"^{asked}: .*{said}"):
        promote(asked, "one")
    assert nothing_is_left()


@pytest.mark.parametrize("name", ["..", "", "a/b", "-x", ".x", "x.dvc", "a b"])
def test_a_name_that_is_a_path_or_an_option_is_refused(repository, name):
    with pytest.raises(UserError, match="no name for a promoted model"):
        promote("main", name)


def test_a_name_that_is_taken_is_refused_unless_forced(repository):
    promote("main", "one")
    with pytest.raises(UserError, match=r"^models/promoted/one: there already; --force"):
        promote("lora-first", "one")
    assert contents(PROMOTED / "one") == SOURCES["ft"]
    promote("lora-first", "one", force=True)
    assert read_provenance("one").experiment == "lora-first" and pointer(PROMOTED / "one")


def test_a_model_that_is_nowhere_is_named_and_nothing_is_left(repository):
    lose_cache()
    with pytest.raises(
        UserError, match=r"^lora-first: models/.* neither in DVC's cache nor in the remote; push it from"
    ):
        promote("lora-first", "one")
    assert nothing_is_left()


def test_a_failed_replacement_keeps_the_old_one(repository):
    promote("main", "one")
    before = contents(PROMOTED)
    lose_cache()
    with pytest.raises(UserError, match="neither in DVC's cache nor in the remote"):
        promote("lora-first", "one", force=True)
    assert contents(PROMOTED) == before


def test_a_model_that_only_the_remote_has_is_fetched(repository, tmp_path):
    configure(core={"remote": "shared"}, remote={"shared": {"url": str(tmp_path / "remote")}})
    with Repo() as repo:
        repo.push(revs=[git("for-each-ref", "--format=%(objectname)", "refs/exps/**/lora-first")])
    lose_cache()
    promote("lora-first", "one")
    assert contents(PROMOTED / "one/base") == SOURCES["base"]


def test_an_adapter_whose_base_has_changed_is_refused(repository):
    set_params(method="lora")
    reproduce()
    Path("source/base/model.safetensors").write_text("another")
    reproduce("download_model")
    commit("another base")
    with pytest.raises(UserError, match=r"^HEAD: models/trained was made from another models/base; run `dvc repro`"):
        promote("HEAD", "one")
    assert nothing_is_left()


def test_an_adapter_whose_promoted_base_has_changed_is_refused(repository):
    promote("main", "one")
    set_params(method="lora", init_from="promoted/one")
    reproduce()
    commit("continued")
    promote("lora-first", "one", force=True)
    commit("another model of the same name")
    with pytest.raises(UserError, match=r"^HEAD: models/trained was made from another models/promoted/one; run"):
        promote("HEAD", "two")
    # as it was before
    promote("HEAD~", "two")
    assert contents(PROMOTED / "two/base") == SOURCES["ft"]


def test_params_of_an_earlier_stage_count_too(repository):
    set_params(model={"profile": "mini"})
    commit("another model, not run")
    with pytest.raises(UserError, match=r"^HEAD: models/base was made with other values of model\.profile"):
        promote("HEAD", "one")


def test_a_stage_that_has_not_run_is_named(repository):
    git("rm", "-q", "dvc.lock")
    commit("never run")
    with pytest.raises(UserError, match=r"^HEAD: models/trained has no hash in dvc\.lock"):
        promote("HEAD", "one")
    with pytest.raises(UserError, match=r"^HEAD: this commit has no models/extended"):
        promote("HEAD", "one", "extended")


def test_params_that_the_model_was_not_made_with_are_refused(repository):
    set_params(method="lora")
    commit("not run")
    with pytest.raises(UserError, match=r"^HEAD: models/trained was made with other values of train\.method"):
        promote("HEAD", "one")


def test_metrics_of_an_earlier_model_are_left_out(repository, capsys):
    set_params(method="lora")
    reproduce("train")
    commit("trained, not scored")
    promote("HEAD", "one")
    assert read_provenance("one").metrics == {}
    note = "note: HEAD: metrics/score.json is left out: metrics/score.json was made from another models/trained\n"
    assert note in capsys.readouterr().err


def test_nothing_is_left_when_dvc_cannot_track_it(repository, monkeypatch):
    def refuse(*_, **__):
        raise DvcException("the cache is read-only")

    monkeypatch.setattr(Repo, "add", refuse)
    with pytest.raises(UserError, match=r"^models/promoted/one: dvc cannot promote it: the cache is read-only"):
        promote("main", "one")
    assert nothing_is_left()


@pytest.mark.parametrize("link", ["hardlink", "symlink"])
def test_links_to_the_cache_are_made_and_never_written_to(repository, link):
    configure(cache={"type": link})
    promote("lora-first", "one")
    weights = PROMOTED / "one/base/model.safetensors"
    assert weights.is_symlink() if link == "symlink" else weights.stat().st_nlink > 1
    promote("lora-first", "two")
    shutil.rmtree("models/promoted/one")
    with Repo() as repo:
        repo.checkout(["models/promoted/one.dvc"])
    assert pointer(PROMOTED / "one") == "models/promoted/one/base"
    assert pointer(PROMOTED / "two") == "models/promoted/two/base"


def test_a_folder_without_models_is_no_repository(tmp_path: Path, monkeypatch, repository: Callable):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"params\.yaml: no such file; run this at the root"):
        promote("main", "one")
