"""The hub's own library against a local server that speaks enough of its API."""

import gc
import hashlib
import shutil

import pytest
from huggingface_hub import close_session, constants

from belle.config.source import Hub
from belle.errors import UserError
from belle.sources.hub import download_repo
from factories import contents
from http_server import use_hub

REPO = "someone/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "README.md": b"# a card",
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "model.safetensors": b"weights" * 1000,
    "onnx/config.json": b"{}",
}
FETCHED = ["config.json", "model.safetensors", "tokenizer.json"]
WEIGHTS = f"/{REPO}/resolve/{COMMIT}/model.safetensors"


@pytest.fixture(autouse=True)
def hub(server, monkeypatch):
    """The server as the hub, without a token."""
    server.add_repo("models", REPO, FILES, COMMIT, lfs="model.safetensors")
    use_hub(server.address, monkeypatch)
    yield server
    close_session()


@pytest.fixture(autouse=True, scope="module")
def collect_bars():
    """Bars of interrupted downloads write their last line when they are collected."""
    yield
    gc.collect()


def download(folder, repo=REPO, revision=COMMIT, files=("*.json", "*.safetensors"), repo_type="model") -> str:
    """Into an empty folder/target; the cache is folder/cache."""
    shutil.rmtree(folder / "target", ignore_errors=True)
    (folder / "target").mkdir()
    source = Hub(kind="hub", repo=repo, revision=revision, files=list(files))
    return download_repo(source, repo_type, folder / "target", folder / "cache")


def error_of(folder, **source) -> str:
    with pytest.raises(UserError) as error:
        download(folder, **source)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_files_that_the_patterns_name_arrive(tmp_path):
    assert download(tmp_path) == COMMIT
    assert contents(tmp_path / "target") == {name: FILES[name] for name in FETCHED}


def test_a_pattern_may_name_a_folder(tmp_path):
    download(tmp_path, files=["onnx/*.json"])
    assert list(contents(tmp_path / "target")) == ["onnx/config.json"]


def test_a_data_set_has_its_own_address(tmp_path, hub):
    hub.add_repo("datasets", "someone/rows", {"a.json": b'{"text": "x"}'}, COMMIT, lfs="a.json")
    assert download(tmp_path, repo="someone/rows", files=["a.json"], repo_type="dataset") == COMMIT
    assert contents(tmp_path / "target") == {"a.json": b'{"text": "x"}'}


def test_without_a_revision_the_newest_commit_is_taken_and_named(tmp_path, capsys):
    assert download(tmp_path, revision=None) == COMMIT
    assert COMMIT in capsys.readouterr().err


def test_a_broken_run_keeps_finished_files_for_the_next(tmp_path, hub):
    content = hub.files.pop(WEIGHTS)
    error_of(tmp_path)
    hub.files[WEIGHTS] = content
    hub.requests.clear()
    download(tmp_path)
    fetched = [path for method, path, _ in hub.requests if method == "GET" and "/resolve/" in path]
    assert fetched == [WEIGHTS]


def test_other_content_than_the_index_says_is_refused_and_removed(tmp_path, hub):
    content = hub.files[WEIGHTS]
    hub.files[WEIGHTS] = b"Weights" * 1000
    error = error_of(tmp_path)
    assert not (tmp_path / "target" / "model.safetensors").exists()
    assert "model.safetensors" in error
    assert hashlib.sha256(content).hexdigest() in error
    assert hashlib.sha256(b"Weights" * 1000).hexdigest() in error
    hub.files[WEIGHTS] = content
    download(tmp_path)
    assert (tmp_path / "target" / "model.safetensors").read_bytes() == content


def test_a_small_file_is_compared_with_its_git_blob_id(tmp_path, hub):
    hub.files[f"/{REPO}/resolve/{COMMIT}/config.json"] = b"[]"
    assert "config.json: wrong checksum" in error_of(tmp_path)


def test_no_pattern_reaches_outside_the_target(tmp_path, hub):
    hub.add_repo("models", REPO, {"../x.json": b"{}", "a/x.json": b"{}"}, COMMIT, lfs="")
    download(tmp_path, files=["*/x.json"])
    assert list(contents(tmp_path / "target")) == ["a/x.json"]


def test_a_hub_that_never_answers_is_given_up(tmp_path, hub, monkeypatch):
    monkeypatch.setattr("belle.sources.hub.TIMEOUT_SECONDS", 0.2)
    hub.delay = 2.0
    assert error_of(tmp_path).startswith(f"{REPO}: the hub cannot be reached")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"repo": "someone/absent", "revision": None}, ["someone/absent", "no such repository"]),
        ({"revision": "f" * 40}, [REPO, "no such revision", "f" * 40]),
        ({"files": ["*.json", "*.bin"]}, [REPO, "*.bin", "source.files", "model.safetensors"]),
    ],
)
def test_what_the_hub_does_not_hold_is_named(tmp_path, source, words):
    error = error_of(tmp_path, **source)
    assert [word for word in words if word not in error] == []


def test_a_hub_that_cannot_be_reached_is_named(tmp_path, monkeypatch):
    use_hub("http://127.0.0.1:9", monkeypatch)
    assert error_of(tmp_path).startswith(f"{REPO}: ")


def test_offline_mode_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert error_of(tmp_path).startswith(f"{REPO}: ")


def test_access_that_must_be_granted_is_told_apart(tmp_path, hub):
    hub.statuses = [403]
    hub.error_code = "GatedRepo"
    assert "HF_TOKEN" in error_of(tmp_path)
