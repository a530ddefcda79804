from pathlib import Path

import pytest
from dvc.repo import Repo

from belle.errors import UserError
from belle.promote.promote import promote
from belle.promote.shelf import list_promoted, remove_promoted

from .conftest import commit, git, set_params

PROMOTED = Path("models/promoted")


def test_the_table_has_a_line_for_each(repository, capsys):
    list_promoted()
    assert capsys.readouterr().out == "no promoted models; `belle promote EXPERIMENT NAME` makes one\n"
    promote("lora-first", "math")
    promote("main", "base", "pretrained")
    (PROMOTED / "mine").mkdir()
    (PROMOTED / "mine/config.json").touch()
    with Repo() as repo:
        repo.add(["models/promoted/mine"])
    capsys.readouterr()
    list_promoted()
    header, *rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    experiment = git("for-each-ref", "--format=%(objectname)", "refs/exps/**/lora-first")
    assert header == ["name", "experiment", "revision", "checkpoint", "method", "score"]
    assert rows == [
        ["base", git("rev-parse", "main")[:8], "pretrained"],
        ["math", "lora-first", experiment[:8], "trained", "lora", "0.5000"],
        ["mine", "put", "there", "by", "hand"],
    ]


def test_removal_takes_the_model_and_its_file_and_shows_git(repository):
    promote("main", "math")
    commit("promoted")
    remove_promoted("math")
    assert not list(PROMOTED.glob("*"))
    assert git("status", "--short") == "D  models/promoted/math.dvc"
    # the commit still has it
    git("checkout", "-q", "HEAD", ".")
    with Repo() as repo:
        repo.checkout(["models/promoted/math.dvc"])
    assert (PROMOTED / "math/model.safetensors").read_text() == "ft"


def test_what_params_start_from_is_not_removed(repository):
    promote("main", "math")
    set_params(init_from="promoted/math")
    with pytest.raises(UserError, match=r"^math: params\.yaml starts from it \(train\.init_from\)"):
        remove_promoted("math")
    assert (PROMOTED / "math.dvc").exists() and (PROMOTED / "math").is_dir()


@pytest.mark.parametrize("name", ["mth", "../promoted/math"])
def test_an_unknown_name_is_not_removed(repository, name):
    promote("main", "math")
    with pytest.raises(UserError, match="no promoted model has this name"):
        remove_promoted(name)
    with pytest.raises(UserError, match=r"did you mean math\?"):
        remove_promoted("mth")
