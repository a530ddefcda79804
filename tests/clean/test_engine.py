"""`clean.engine`: a real Ray cluster on this machine writes the same bytes, also when a worker is killed on the way."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from belle.clean.clean import clean
from belle.clean.engine import start_engine
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, write_table
from belle.errors import UserError
from belle.mini.data.builtin import conversations, texts
from factories import clean_params, contents, question, write_json_lines

ROOT = Path(__file__).resolve().parents[2]
NODE = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--disable-usage-stats"]
MEMORY = "--object-store-memory=100000000"
CLEAN = """
import os, signal, sys
from pathlib import Path
from belle.clean import decisions
from belle.clean.clean import clean
from factories import clean_params

raw, questions, out, engine, worker = sys.argv[1:]
in_order = decisions.in_order

def killing(batches, *rest):
    for number, batch in enumerate(in_order(batches, *rest)):
        if number == 0 and int(worker):
            print("killed", worker)
            os.killpg(int(worker), signal.SIGKILL)
        yield batch

decisions.in_order = killing
decisions.BYTES_PER_TASK = 1
clean(Path(raw), Path(questions), Path(out), clean_params(engine=engine))
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def cluster(tmp_path):
    """The address of a head without processors, and the process groups of two workers with one each."""
    pytest.importorskip("ray")
    port, client = free_port(), free_port()
    head = ["--head", f"--port={port}", f"--ray-client-server-port={client}", "--include-dashboard=false"]
    # processors of the workers' ports must not overlap with these
    head += ["--min-worker-port=0", "--max-worker-port=0", "--num-cpus=0"]
    worker = [f"--address=127.0.0.1:{port}", "--num-cpus=1"]
    nodes = []
    try:
        for options in (head, worker, worker):
            log = (tmp_path / f"node-{len(nodes)}.log").open("w")
            command = [*NODE, MEMORY, "--node-ip-address=127.0.0.1", *options]
            nodes.append(subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True))
            wait_for(Path(log.name), "Ray runtime started")
        yield f"ray://127.0.0.1:{client}", [node.pid for node in nodes[1:]]
    finally:
        for node in nodes:
            os.killpg(node.pid, signal.SIGKILL)
            node.wait()


def wait_for(log: Path, line: str) -> None:
    for _ in range(600):
        if line in log.read_text():
            return
        time.sleep(0.1)
    pytest.fail(f"a Ray node does not start: {log.read_text()}")


def clean_in_a_process(folder: Path, out: Path, engine: str, worker: int = 0) -> str:
    out.mkdir()
    command = [sys.executable, "-c", CLEAN, folder / "raw", folder / "questions.jsonl", out, engine, worker]
    path = os.pathsep.join([str(ROOT / "tests"), *sys.path])
    done = subprocess.run(
        list(map(str, command)), cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_ray_cluster_writes_the_same_bytes_also_when_a_worker_is_killed(tmp_path, cluster):
    address, workers = cluster
    (tmp_path / "raw").mkdir()
    rows = [row | {"id": f"{copy}-{row['id']}"} for copy in range(4) for row in conversations("general", "mini")]
    write_table(tmp_path / "raw" / CONVERSATIONS, rows, CONVERSATION_SCHEMA)
    write_table(tmp_path / "raw" / TEXTS, texts("corpus", "mini"), TEXT_SCHEMA)
    write_json_lines(tmp_path / "questions.jsonl", question("q", "中国的首都是哪里？").model_dump())
    clean_in_a_process(tmp_path, tmp_path / "local", "local")
    assert "killed" not in clean_in_a_process(tmp_path, tmp_path / "whole", address)
    assert "killed" in clean_in_a_process(tmp_path, tmp_path / "less", address, workers[0])
    assert contents(tmp_path / "local") == contents(tmp_path / "whole") == contents(tmp_path / "less")


def test_a_cluster_without_ray_installed_is_an_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UserError, match=r"clean\.engine: .*belle-dvc\[ray\]"):
        start_engine("ray://127.0.0.1:1")


def test_nothing_of_ray_is_imported_for_a_local_run(tmp_path):
    (tmp_path / "raw").mkdir()
    write_table(tmp_path / "raw" / CONVERSATIONS, conversations("math", "mini"), CONVERSATION_SCHEMA)
    write_table(tmp_path / "raw" / TEXTS, [], TEXT_SCHEMA)
    write_json_lines(tmp_path / "questions.jsonl", question("q", "?").model_dump())
    (tmp_path / "out").mkdir()
    before = set(sys.modules)
    clean(tmp_path / "raw", tmp_path / "questions.jsonl", tmp_path / "out", clean_params())
    assert not [name for name in set(sys.modules) - before if name.partition(".")[0] == "ray"]
