from pathlib import Path

import pytest

from belle.compare.revision import find_revision, list_experiments
from belle.errors import UserError
from compare.made_up import commit, git, keep_as_experiment


@pytest.mark.parametrize("name", ["main", "v1", "HEAD", "workspace"])
def test_names_of_git_and_the_workspace(shared, name):
    found = find_revision(name)
    assert found.name == name
    assert found.commit == (None if name == "workspace" else git("rev-parse", "main"))


def test_an_experiment_is_found_by_its_name_and_by_its_hash(shared):
    found = find_revision("lora")
    assert found.commit != git("rev-parse", "main")
    assert find_revision(found.commit[:9]).commit == found.commit
    assert b"method: lora" in found.read("params.yaml")


def test_a_file_that_is_not_there(shared):
    for name in ("main", "workspace"):
        found = find_revision(name)
        assert found.read("nothing") is None
        assert found.names("nothing") == []
        assert "gptq-int4.json" in found.names("metrics/details/eval")


def test_references_of_running_experiments_are_none(repository):
    git("update-ref", "refs/exps/exec/EXEC_HEAD", "HEAD")
    git("update-ref", "refs/exps/stash", "HEAD")
    assert [one.name for one in list_experiments()] == ["again", "lora"]


def test_of_two_experiments_of_one_name_the_one_from_this_commit_is_meant(repository):
    first = find_revision("lora").commit
    Path("new").touch()
    commit("next")
    Path("other").touch()
    second = keep_as_experiment("lora")
    assert find_revision("lora").commit == second
    Path("third").touch()
    commit("one further")
    with pytest.raises(UserError, match="lora: several experiments") as raised:
        find_revision("lora")
    assert first[:10] in str(raised.value)
    assert second[:10] in str(raised.value)


@pytest.mark.parametrize(
    ("name", "advice"), [("lorra", "did you mean lora?"), ("mian", "did you mean main?"), ("xyzzy", "again, lora")]
)
def test_an_unknown_name(shared, name, advice):
    with pytest.raises(UserError, match=f"^{name}: no experiment, branch, tag or commit has this name") as raised:
        find_revision(name)
    assert advice in str(raised.value)


def test_a_name_is_never_an_option_of_git(shared):
    with pytest.raises(UserError, match="has this name"):
        find_revision("--all")


def test_no_git_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UserError, match="main: this directory is in no Git repository"):
        find_revision("main")
