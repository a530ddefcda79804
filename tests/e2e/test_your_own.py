"""The commands of docs/your-own.md, and what becomes of files of one's own when they are edited, queued and shared."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from dvc.utils.hydra import apply_overrides
from own_files import add_conversation, write_own_files
from repository import NANO, Repository, copy_checkout, ran
from test_readme import OWN_TEST, commands

from belle.data.tables import read_table
from http_server import serve

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

SMALL = [one for one in NANO if not one.startswith(("model", "data", "evaluate.limit"))] + [
    "quantize.schemes=[gguf-q8_0]"
]
DOWNLOADS = ("download_model", "download_data", "download_eval")
TABLES = ("download_data@conversations", "download_data@texts")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SWITCHES = ["model.profile=my-model", "data.sources=[mine]", "evaluate.set=questions", "pretrain.enabled=false"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, tiny_model: Callable[[str], Path]) -> Path:
    """A home directory with files of one's own."""
    folder = tmp_path_factory.mktemp("home")
    write_own_files(folder, tiny_model("qwen3"))
    return folder


@pytest.fixture
def repository(tmp_path: Path, home: Path) -> Repository:
    """A fresh checkout whose experiments are small; nothing has been run."""
    return small_checkout(tmp_path / "repository", home)


def small_checkout(folder: Path, home: Path) -> Repository:
    repository = copy_checkout(folder)
    repository.environment = {"HOME": str(home), "COLUMNS": "160"}
    apply_overrides(repository.path / "params.yaml", SMALL)
    repository.commit("small")
    return repository


@pytest.fixture(scope="module")
def downloaded(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Repository:
    """The files added, their profiles switched to, and everything downloaded. Do not change it: `added`."""
    repository = small_checkout(tmp_path_factory.mktemp("downloaded"), home)
    for kind, path in (("model", "~/my-model"), ("data", "~/mine.jsonl"), ("eval", "~/questions.jsonl")):
        repository.run("belle", "add", kind, path, "--license", "private")
    apply_overrides(repository.path / "params.yaml", SWITCHES)
    repository.dvc("repro", *DOWNLOADS)
    repository.commit("added")
    return repository


@pytest.fixture
def added(downloaded: Repository, tmp_path: Path) -> Repository:
    """A copy with everything downloaded, for one test to change."""
    return downloaded.copy(tmp_path / "added")


def test_the_commands_of_the_page_lead_to_a_table_of_two_experiments(repository: Repository):
    found = commands(OWN_TEST)
    assert len(found) == 10
    *before, repro = found
    for command in before:
        shown = repository.run("bash", "-c", command)
    assert "ft" in shown and "lora" in shown and "unquantized" in shown
    add_conversation(repository.path / "inputs/mine.jsonl")
    # as far as the first stage that reads the data: the others would only take time
    assert ran(repository.run("bash", "-c", f"{repro} clean")) == {"check", "download_data@conversations", "clean"}


def conversations(repository: Repository) -> int:
    return sum(1 for _ in read_table(repository.path / "data/raw/conversations.parquet"))


def test_an_edited_file_is_imported_by_the_next_run_of_any_kind(added):
    count = conversations(added)
    add_conversation(added.path / "inputs/mine.jsonl")
    assert ran(added.dvc("repro", *DOWNLOADS)) == {"check", "download_data@conversations"}
    assert conversations(added) == count + 1
    add_conversation(added.path / "inputs/mine.jsonl")
    added.dvc("exp", "run", "--temp", "-n", "more", "download_data")
    added.run("git", "checkout", "-q", ".")
    added.dvc("checkout", "--force", "inputs/mine.jsonl", *TABLES)
    assert conversations(added) == count
    experiment = added.run("git", "for-each-ref", "--format=%(objectname)", "refs/exps/**/more").strip()
    added.run("git", "checkout", "-q", experiment, ".")
    added.dvc("checkout", "--force", "inputs/mine.jsonl", *TABLES)
    assert conversations(added) == count + 2
    # the experiment brings its data, too
    assert len((added.path / "inputs/mine.jsonl").read_text(encoding="utf-8").splitlines()) == count + 2


def test_what_no_download_uses_downloads_nothing(added):
    profiles = added.path / "configs"
    shutil.copy(profiles / "data/mine.yaml", profiles / "data/unused.yaml")
    for profile in ("model/my-model", "data/mine", "eval/questions"):
        path = profiles / f"{profile}.yaml"
        path.write_text(path.read_text().replace("homepage:", "homepage: https://example.org"))
    questions = profiles / "eval/questions.yaml"
    questions.write_text(questions.read_text().replace("numeric_match", "exact_match"))
    assert ran(added.dvc("repro", *DOWNLOADS)) == {"check"}


def test_a_clone_gets_the_files_and_has_nothing_to_do(added, tmp_path):
    added.dvc("remote", "add", "--default", "shared", str(tmp_path / "remote"))
    added.commit("shared")
    added.dvc("push")
    clone = added.clone(tmp_path / "clone")
    # the later stages have not run yet
    inputs = [f"inputs/{name}" for name in ("my-model", "mine.jsonl", "questions.jsonl")]
    clone.dvc("pull", *inputs, "check", "generate_data", "download_model", "download_eval", *TABLES)
    assert ran(clone.dvc("repro", *DOWNLOADS)) == set()
    assert clone.run("git", "status", "--short") == ""


def test_a_download_from_the_hub_needs_no_network_afterwards(repository, home):
    with serve() as hub:
        model = {path.name: path.read_bytes() for path in (home / "my-model").iterdir()}
        hub.add_repo("models", "someone/my-model", model, COMMIT, "model.safetensors", "license:mit")
        for name in ("mine", "questions"):
            content = {f"{name}.jsonl": (home / f"{name}.jsonl").read_bytes()}
            hub.add_repo("datasets", f"someone/{name}", content, COMMIT, "", "license:mit")
        repository.environment |= {"HF_ENDPOINT": hub.address, "HF_HOME": str(home / "hf"), "NO_PROXY": "127.0.0.1"}
        for kind, name in (("model", "my-model"), ("data", "mine"), ("eval", "questions")):
            repository.run("belle", "add", kind, f"someone/{name}")
        apply_overrides(repository.path / "params.yaml", SWITCHES)
        assert "download_model" in ran(repository.dvc("repro", *DOWNLOADS))
        assert hub.requests
    before = repository.lock()
    for folder in ("models", "data", "eval"):
        shutil.rmtree(repository.path / folder, ignore_errors=True)
    assert ran(repository.dvc("repro", *DOWNLOADS)) == set()
    assert (repository.path / "models/base/model.safetensors").exists() and conversations(repository)
    assert repository.lock() == before
