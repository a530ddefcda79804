"""Replies in DVC's cache; the stage that uses them is in tests/generate_data/test_generate.py."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from dvc.repo import Repo

from belle.endpoints.earlier import has_replies, import_beside, import_earlier
from belle.endpoints.reply import parse_reply
from belle.errors import UserError
from chat_server import completion
from endpoints.conftest import ask

OUTPUT = Path("eval/judgments/unquantized")
LINE = {"id": ask("a")[0].key, "reply": parse_reply(completion("好")).model_dump()}


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """The cache of a repository of DVC, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    Repo.init(no_scm=True).close()
    return tmp_path / ".dvc/cache"


def had_replies(text: str) -> None:
    """Have DVC know an output with such replies, and delete it, as it does before its stage runs."""
    OUTPUT.mkdir(parents=True)
    (OUTPUT / "replies.jsonl").write_text(text)
    (OUTPUT / "judges.json").write_text("{}")
    with Repo() as repo:
        repo.add(OUTPUT.as_posix())
    shutil.rmtree(OUTPUT)


def test_outside_a_dvc_repository_there_are_none(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    import_earlier(Path("data/generated"), "replies.jsonl", store)
    import_beside(Path("data/generated"), "replies.jsonl", store)


def test_an_output_that_dvc_does_not_know_has_none(store, monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)
    import_earlier(Path("data/no-such-output"), "replies.jsonl", store)


def test_those_in_the_cache_are_taken(cache, store):
    had_replies(json.dumps(LINE) + "\n")
    import_earlier(OUTPUT, "replies.jsonl", store)
    assert store.reply(LINE["id"]).text == "好"


@pytest.mark.parametrize("lost", ["**/*", "**/*.dir", "**/*[!r]"], ids=["all", "the list of files", "the files"])
def test_those_that_the_cache_has_lost_are_not_paid_for_again_unasked(cache, store, lost):
    had_replies(json.dumps(LINE) + "\n")
    for path in cache.glob(lost):
        if path.is_file():
            path.unlink()
    with pytest.raises(
        UserError, match=r"not in DVC's cache; `dvc fetch eval/judgments/unquantized` brings them \(to pay"
    ):
        import_earlier(OUTPUT, "replies.jsonl", store)


def test_of_a_stage_that_was_off_nothing_is_missing(cache, store):
    """A clone without DVC's cache goes on, as there was no reply to fetch."""
    had_replies("")
    shutil.rmtree(cache)
    import_earlier(OUTPUT, "replies.jsonl", store)
    assert not store.has_reply(LINE["id"])


def test_those_of_another_variant_are_taken_as_far_as_they_are_here(cache, store):
    """Its stage may have nothing to do, so that it does not bring them for equal answers of this one."""
    had_replies(json.dumps(LINE) + "\n")
    other = OUTPUT.with_name("gptq-int4")
    import_earlier(other, "replies.jsonl", store)
    assert not store.has_reply(LINE["id"])
    import_beside(other, "replies.jsonl", store)
    assert store.reply(LINE["id"]).text == "好"


def test_those_of_another_variant_are_not_missed(cache, store):
    had_replies(json.dumps(LINE) + "\n")
    shutil.rmtree(cache)
    import_beside(OUTPUT.with_name("gptq-int4"), "replies.jsonl", store)
    assert not store.has_reply(LINE["id"])


def test_what_dvc_cannot_read_is_no_reason_to_pay_again(cache, store):
    had_replies(json.dumps(LINE) + "\n")
    Path("dvc.yaml").write_text("stages: [")
    with pytest.raises(UserError, match="the replies of an earlier run cannot be looked for"):
        import_earlier(OUTPUT, "replies.jsonl", store)


@pytest.fixture
def forgotten(tmp_path, monkeypatch) -> Path:
    """The cache of a repository whose last commit names replies, which dvc.lock has forgotten since."""

    def run(*command: str) -> None:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        subprocess.run(command, env=os.environ | {"PATH": path}, capture_output=True, check=True)

    monkeypatch.chdir(tmp_path)
    command = f"mkdir -p {OUTPUT} && cp written {OUTPUT}/replies.jsonl"
    Path("dvc.yaml").write_text(json.dumps({"stages": {"judge": {"cmd": command, "outs": [OUTPUT.as_posix()]}}}))
    run("git", "init", "-q")
    run("dvc", "init", "-q")
    Path("written").write_text(json.dumps(LINE) + "\n")
    run("dvc", "repro", "-q")
    run("git", "add", ".")
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "replies")
    assert has_replies(OUTPUT)
    Path("written").write_text("")
    run("dvc", "repro", "-q", "--force")
    shutil.rmtree(OUTPUT)
    assert not has_replies(OUTPUT)
    return tmp_path / ".dvc/cache"


@pytest.mark.slow
def test_those_of_the_last_commit_are_taken_where_dvc_has_forgotten_them(forgotten, store):
    """As when DVC restores the empty output of a stage that is off, which then does not run."""
    import_earlier(OUTPUT, "replies.jsonl", store)
    assert store.reply(LINE["id"]).text == "好"


@pytest.mark.slow
def test_those_of_the_last_commit_are_missed_in_a_note(forgotten, store, capsys):
    shutil.rmtree(forgotten)
    import_earlier(OUTPUT, "replies.jsonl", store)
    assert not store.has_reply(LINE["id"])
    assert "`dvc fetch --all-commits eval/judgments/unquantized` brings them" in capsys.readouterr().err
