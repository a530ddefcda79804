"""The stage against a server: a key that is nowhere, the same bytes however replies arrive, nothing paid twice."""

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from belle.config.budget import BudgetParams
from belle.endpoints.extract import import_replies
from belle.endpoints.store import FOLDER, ReplyStore
from belle.errors import UserError
from belle.generate_data.generate import generate_data
from chat_server import Step, completion, error
from endpoints.conftest import endpoint
from factories import ROOT, contents
from generate_data.factories import block, generation

NO_LIMIT = BudgetParams(tokens=None, money=None)
SUBJECTS = "山川河流星空海洋森林草原沙漠冰雪城市乡村"


def author(body):
    """Answer as a model that writes: what it writes depends on the prompt alone."""
    prompt = body["messages"][0]["content"]
    rng = random.Random(hashlib.sha256(prompt.encode()).hexdigest())
    if "对话" in prompt[:40]:
        return completion("助手：好的。\n用户：再详细一点。\n助手：当然可以，分三点来说。")
    subjects = ["".join(rng.sample(SUBJECTS, 6)) for _ in range(3)]
    tasks = [block(4 + n, f"以{one}为题写一段话", "<无输入>", f"{one}很美。") for n, one in enumerate(subjects)]
    return completion("\n###\n".join([*tasks, block(7, "描述这张图片", "<无输入>", "好")]))


def made(store, chat, out, **changes):
    out.mkdir()
    generate_data(generation(**changes), endpoint(base_url=chat.address), NO_LIMIT, store, out)
    return {name: data.decode() for name, data in contents(out).items()}


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def author_chat(chat):
    chat.answer = author
    return chat


def test_tasks_then_dialogues_that_begin_with_them(author_chat, store, tmp_path):
    files = made(store, author_chat, tmp_path / "out", requests=6, dialogues=4)
    found, dropped = rows(files["conversations.jsonl"]), rows(files["dropped.jsonl"])
    meta = json.loads(files["meta.json"])
    tasks, dialogues = found[:-4], found[-4:]
    assert [row["id"] for row in dialogues] == [f"dialogue-{number}" for number in range(1, 5)]
    assert [row["messages"][0] for row in dialogues] == [row["messages"][0] for row in tasks[:4]]
    assert [message["role"] for message in dialogues[0]["messages"]] == ["user", "assistant"] * 2
    assert len(tasks) + len(dropped) == 6 * 4
    assert meta["tasks"]["kept"] == len(tasks) and sum(meta["tasks"]["dropped"].values()) == len(dropped)
    assert meta["tasks"]["dropped"]["other_media"] == 6 and meta["conversations"] == len(found)
    assert (meta["input_tokens"], meta["cost"], meta["reported_models"]) == (100, 0.0, {"scripted-2026-01-01": 10})
    assert meta["output_tokens"] == sum(len(row["reply"]["text"]) for row in rows(files["replies.jsonl"]))


def test_the_same_bytes_in_whatever_order_replies_arrive_and_without_asking_again(author_chat, tmp_path):
    def slow(body):
        time.sleep(random.random() / 10)
        return author(body)

    with ReplyStore(tmp_path / "one") as one, ReplyStore(tmp_path / "two") as two:
        first = made(one, author_chat, tmp_path / "first", requests=12, dialogues=3)
        asked = len(author_chat.asked)
        assert made(one, author_chat, tmp_path / "again", requests=12, dialogues=3) == first
        assert len(author_chat.asked) == asked == 15
        author_chat.answer = slow
        assert made(two, author_chat, tmp_path / "second", requests=12, dialogues=3) == first


def test_another_threshold_asks_for_nothing(author_chat, store, tmp_path):
    loose = made(store, author_chat, tmp_path / "loose", requests=6, max_similarity=1.0)
    strict = made(store, author_chat, tmp_path / "strict", requests=6, max_similarity=0.3)
    assert len(author_chat.asked) == 6 and loose["replies.jsonl"] == strict["replies.jsonl"]
    assert len(rows(loose["conversations.jsonl"])) > len(rows(strict["conversations.jsonl"]))


def test_more_requests_ask_for_the_new_ones_alone(author_chat, store, tmp_path):
    made(store, author_chat, tmp_path / "few", requests=4)
    made(store, author_chat, tmp_path / "more", requests=9)
    assert len(author_chat.asked) == 9


def test_a_refused_request_is_kept_and_not_sent_again(author_chat, tmp_path, capsys):
    """The replies alone make the same files elsewhere, where there is no key."""
    author_chat.script = [Step(), error(400, "against rule 7")]
    with ReplyStore(tmp_path / "one") as one, ReplyStore(tmp_path / "other") as other:
        first = made(one, author_chat, tmp_path / "first", requests=6, dialogues=2)
        asked = len(author_chat.asked)
        import_replies(tmp_path / "first/replies.jsonl", other)
        assert made(other, author_chat, tmp_path / "again", requests=6, dialogues=2) == first
    assert len(author_chat.asked) == asked == 8
    meta = json.loads(first["meta.json"])
    assert (meta["requests"], meta["replies"], meta["refused"]) == (8, 7, {"status 400: against rule …": 1})
    assert sum(meta["reported_models"].values()) == 7 and meta["input_tokens"] == 70
    assert capsys.readouterr().err.count("requests that were refused: 1: status 400: against rule …") == 2


def test_a_server_that_does_not_name_its_model_has_reported_none(author_chat, store, tmp_path):
    author_chat.answer = lambda body: author(body).replace(b'"scripted-2026-01-01"', b"null")
    meta = json.loads(made(store, author_chat, tmp_path / "out", requests=2)["meta.json"])
    assert (meta["replies"], meta["reported_models"]) == (meta["requests"], {})


def test_a_refused_first_dialogue_does_not_keep_the_others_back(author_chat, store, tmp_path):
    """The tasks have shown that the endpoint takes such requests."""
    author_chat.script = [Step(), Step(), Step(), error(400, "this prompt is too long")]
    files = made(store, author_chat, tmp_path / "out", requests=3, dialogues=4)
    meta = json.loads(files["meta.json"])
    assert meta["refused"] == {"status 400: this prompt is too long": 1} and meta["dialogues"]["kept"] == 3


def test_when_most_requests_are_refused_the_endpoint_is_at_fault(author_chat, store, tmp_path):
    author_chat.script = [Step(), *[error(400, "no")] * 5]
    with pytest.raises(UserError, match="5 of 6 requests were refused"):
        made(store, author_chat, tmp_path / "out", requests=6)
    made(store, author_chat, tmp_path / "again", requests=6)
    assert len(author_chat.asked) == 6 + 5


def test_more_demonstrations_than_seed_tasks(author_chat, store, tmp_path):
    with pytest.raises(UserError, match="demonstrations"):
        made(store, author_chat, tmp_path / "out", demonstrations=1000)
    assert author_chat.asked == []


def test_the_budget_of_the_experiment(author_chat, store, tmp_path):
    (tmp_path / "out").mkdir()
    budget = BudgetParams(tokens=9000, money=None)
    with pytest.raises(UserError, match=r"generate_data\.budget\.tokens: 9000"):
        generate_data(generation(requests=50), endpoint(base_url=author_chat.address), budget, store, tmp_path / "out")
    assert 0 < len(author_chat.asked) < 50 and store.spending.spent().total <= 9000


@pytest.fixture
def repository(tmp_path, author_chat, monkeypatch):
    """A copy of the configuration in which the gate is on and the endpoint is the server."""
    monkeypatch.setenv("SECRET", "sk-secret-987654321")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    change(tmp_path / "params.yaml", ("generate_data",), enabled=True, requests=3, dialogues=2)
    change(tmp_path / "params.yaml", ("data",), sources=["self-instruct"])
    change(tmp_path / "configs/endpoint/local.yaml", (), base_url=author_chat.address, api_key_variable="SECRET")
    return tmp_path


def change(path: Path, section: tuple[str, ...], **values: object) -> None:
    yaml = YAML()
    content = part = yaml.load(path)
    for key in section:
        part = part[key]
    part.update(values)
    yaml.dump(content, path)


def stage(folder: Path, name: str, *arguments: str, **environment: str) -> tuple[int, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DVC")} | environment
    command = [sys.executable, str(ROOT / f"stages/{name}.py"), *arguments]
    done = subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_the_stages_from_the_check_to_the_imported_rows(repository, author_chat):
    said = ""
    for command in (["check"], ["generate_data"], ["download_data", "conversations"]):
        code, output = stage(repository, *command)
        said += output
        assert code == 0, output
    import pyarrow.parquet as pq

    table = pq.read_table(repository / "data/raw/conversations.parquet").to_pylist()
    generated = rows((repository / "data/generated/conversations.jsonl").read_text(encoding="utf-8"))
    assert [row["messages"] for row in table] == [row["messages"] for row in generated]
    assert re.fullmatch(r"self-instruct-1/1-1", table[0]["id"])
    files = contents(repository)
    assert f"{FOLDER}/replies.sqlite" in files and author_chat.keys == {"Bearer sk-secret-987654321"}
    secret = b"sk-secret-987654321"
    assert secret.decode() not in said and not [name for name, data in files.items() if secret in data]


@pytest.mark.slow
def test_off_it_needs_no_library_and_writes_no_rows(repository, tmp_path):
    change(repository / "params.yaml", ("generate_data",), enabled=False)
    change(repository / "params.yaml", ("data",), sources=["mini-general"])
    (repository / "blocked/openai").mkdir(parents=True)
    (repository / "blocked/openai/__init__.py").write_text("raise ImportError('imported')")
    assert stage(repository, "check")[0] == 0
    code, output = stage(repository, "generate_data", PYTHONPATH=str(repository / "blocked"))
    assert (code, output) == (0, "")
    assert (repository / "data/generated/conversations.jsonl").read_bytes() == b""
    assert json.loads((repository / "data/generated/meta.json").read_text()) == {"conversations": 0}


@pytest.mark.slow
def test_who_pulls_an_experiment_changes_what_is_made_of_its_replies_without_a_key(repository, author_chat):
    """DVC deletes data/generated before the stage runs again; the replies come from its cache, by dvc.lock."""

    def run(*command: str) -> None:
        # dvc.yaml's commands find this Python also where its environment is not active
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=repository, env=os.environ | {"PATH": path},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    subprocess.run(["git", "init", "-q"], cwd=repository, check=True)
    for folder in ("src", "stages", "inputs"):
        shutil.copytree(ROOT / folder, repository / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "dvc.yaml", repository)
    run("dvc", "init", "-q")
    run("dvc", "repro", "-q", "generate_data")
    before = (repository / "data/generated/replies.jsonl").read_bytes()
    asked = len(author_chat.asked)
    shutil.rmtree(repository / FOLDER)
    change(repository / "params.yaml", ("generate_data",), max_similarity=0.9)
    change(repository / "configs/endpoint/local.yaml", (), base_url="http://127.0.0.1:9/v1", api_key_variable="NO_SUCH")
    run("dvc", "repro", "-q", "generate_data")
    assert len(author_chat.asked) == asked == 5
    assert (repository / "data/generated/replies.jsonl").read_bytes() == before
    shutil.rmtree(repository / FOLDER)
    # dvc.lock forgets the replies once the stage is off
    change(repository / "params.yaml", ("generate_data",), enabled=False)
    change(repository / "params.yaml", ("data",), sources=["mini-general"])
    run("dvc", "repro", "-q", "--no-run-cache", "generate_data")
    assert not (repository / "data/generated/replies.jsonl").read_bytes()
    change(repository / "params.yaml", ("generate_data",), enabled=True, max_similarity=0.8)
    run("dvc", "repro", "-q", "--no-run-cache", "generate_data")
    assert (repository / "data/generated/replies.jsonl").read_bytes() == before
