"""The stage itself: a gate without a judge, errors in one line, killed and resumed, two of them at once."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from belle.endpoints.earlier import has_replies
from belle.evaluate.answers import write_answers
from belle.judge.judgments import read_judgments
from factories import ROOT, contents, write_json_lines
from generate_data.test_generate import change
from judge.factories import PROMPTS, answers_to, belle_set
from judge.test_judge import grade

pytestmark = pytest.mark.slow
VARIANTS = ("unquantized", "gguf-q8_0")


@pytest.fixture
def repository(tmp_path, chat, monkeypatch):
    """A copy of the configuration in which the server is the judge, and equal answers of two variants."""
    monkeypatch.setenv("SECRET", "sk-secret-987654321")
    chat.answer = grade
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    change(tmp_path / "params.yaml", ("evaluate",), scorer="judge", set="belle")
    change(tmp_path / "configs/endpoint/local.yaml", (), base_url=chat.address, api_key_variable="SECRET")
    questions = belle_set(60)
    (tmp_path / "data/eval").mkdir(parents=True)
    write_json_lines(tmp_path / "data/eval/questions.jsonl", *(one.model_dump() for one in questions))
    (tmp_path / "data/eval/judge_prompts.json").write_text(json.dumps(PROMPTS), encoding="utf-8")
    for variant in VARIANTS:
        write_answers(tmp_path / "eval" / variant / "answers.jsonl", answers_to(questions))
    assert start(tmp_path, "check").wait() == 0
    return tmp_path


def start(folder, name, *arguments, **environment):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DVC")} | environment
    command = [sys.executable, str(ROOT / f"stages/{name}.py"), *arguments]
    return subprocess.Popen(command, cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finished(process):
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def test_killed_in_the_middle_and_two_at_once(repository, chat):
    chat.delay = 0.05
    first = start(repository, "judge", "unquantized")
    while len(chat.asked) < 30:
        assert first.poll() is None, finished(first)
        time.sleep(0.01)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    assert not (repository / "eval/judgments/unquantized").exists()
    for code, output in map(finished, [start(repository, "judge", variant) for variant in VARIANTS]):
        assert code == 0 and "sk-secret" not in output, output
    texts = {one.id: one.answer for one in answers_to(belle_set(60))}
    for variant in VARIANTS:
        judgments = read_judgments(repository / "eval/judgments" / variant, texts)
        assert [one.id for one in judgments] == list(texts) and all(one.verdict.score is not None for one in judgments)
    times = Counter(body["messages"][0]["content"] for body in chat.asked)
    # what was on its way when the process was killed has been sent twice, nothing else
    assert sum(count - 1 for count in times.values()) <= 4 and len(times) == 60 + 15
    written = [path.read_bytes() for path in repository.rglob("*") if path.is_file()]
    assert not [data for data in written if b"sk-secret" in data]


def test_without_a_judge_no_library_is_needed(repository):
    change(repository / "params.yaml", ("evaluate",), scorer="metrics")
    (repository / "blocked/openai").mkdir(parents=True)
    (repository / "blocked/openai/__init__.py").write_text("raise ImportError('imported')")
    assert start(repository, "check").wait() == 0
    assert finished(start(repository, "judge", "unquantized", PYTHONPATH=str(repository / "blocked"))) == (0, "")
    assert (repository / "eval/judgments/unquantized/judges.json").read_text() == "{}\n"


def test_another_scorer_in_between_loses_no_reply_of_a_colleague(repository, chat, monkeypatch):
    """Who pulls has the replies in DVC's cache alone, and dvc.lock forgets them once no judge is asked."""

    def repro(**evaluate: str) -> str:
        change(repository / "params.yaml", ("evaluate",), **evaluate)
        for stage in ("check", "judge"):
            command = [sys.executable, "-m", "dvc", "repro", "-q", "--single-item", "--no-run-cache", stage]
            path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
            done = subprocess.run(command, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
        return done.stderr

    monkeypatch.chdir(repository)
    subprocess.run(["git", "init", "-q"], check=True)
    for folder in ("src", "stages", "inputs"):
        shutil.copytree(ROOT / folder, repository / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "dvc.yaml", repository)
    subprocess.run([sys.executable, "-m", "dvc", "init", "-q"], check=True)
    repro(scorer="judge")
    judgments = Path("eval/judgments/unquantized")
    assert has_replies(judgments)
    before, asked = contents(judgments), len(chat.asked)
    shutil.rmtree(".replies")
    repro(scorer="metrics")
    assert not has_replies(judgments)
    change(repository / "configs/endpoint/local.yaml", (), base_url="http://127.0.0.1:9/v1", api_key_variable="NO_SUCH")
    repro(scorer="both")
    assert contents(judgments) == before and len(chat.asked) == asked
    for path in Path(".dvc/cache/files/md5").rglob("*"):
        if path.is_file() and path.read_bytes() == before["replies.jsonl"]:
            path.chmod(0o644)
            path.write_bytes(b"{}\n")
    # replies that nobody needs now are no reason to stop
    assert "note: " in repro(scorer="metrics")


def test_a_key_that_is_not_there(repository):
    """The first stage says so before anything is trained, and goes on: the replies may be here already."""
    code, output = finished(start(repository, "check", SECRET=""))
    assert code == 0
    assert output.startswith("note: configs/endpoint/local.yaml: the environment variable SECRET holds no API key")
    code, output = finished(start(repository, "judge", "unquantized", SECRET=""))
    assert code == 1
    assert output.splitlines()[-1].startswith("error: the environment variable SECRET holds no API key")
    assert not (repository / "eval/judgments/unquantized").exists()
