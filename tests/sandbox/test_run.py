"""What gets out of the sandbox, and what stops inside: skipped where the machine has none."""

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.sandbox import run
from belle.sandbox.run import Limits, check_sandbox, run_python


def sandbox_missing() -> str:
    try:
        check_sandbox()
    except UserError as error:
        return str(error)
    return ""


MISSING = sandbox_missing()
needs_sandbox = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.fixture(params=["this user", "user namespace"])
def user(request, monkeypatch):
    """Root has a way of its own; a user namespace is every other user's."""
    if request.param == "user namespace":
        monkeypatch.setattr(run.os, "geteuid", lambda: 1000)
    return request.param


def holds(claims: str, limits: Limits = run.DEFAULT_LIMITS) -> bool:
    """Run claims that are to be true inside."""
    return run_python([f"import os, sys, socket, ctypes\n{claims}"], limits)


def refused(statement: str, errors: str = "OSError") -> str:
    """Claims that a statement fails."""
    return f"try:\n    {statement}\nexcept {errors}:\n    pass\nelse:\n    raise SystemExit('done')\n"


@needs_sandbox
@pytest.mark.parametrize(
    ("sources", "all_ran"),
    [
        (["x = 1", "assert x == 1"], True),
        (["x = 1", "assert x == 2"], False),
        (["def f(:"], False),
        (["import sys; sys.exit()", "pass"], True),
        (["import sys; sys.exit(1)", "pass"], False),
        (["import os; os._exit(0)", "assert False"], False),
        (["print('x' * 50_000_000)"], True),
        (["import json, re, math, decimal, random, collections, datetime"], True),
        (["if __name__ == '__main__':\n    input()"], True),
    ],
)
def test_a_program_that_reaches_its_end_is_told_from_one_that_does_not(sources, all_ran):
    assert run_python(sources) is all_ran


@needs_sandbox
def test_files_of_the_machine_are_out_of_reach(user, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o666)
    prefix = os.path.realpath(sys.base_prefix)
    places = [secret, "/etc/passwd", "/proc/self/status", Path(run.__file__), "/../../etc/passwd"]
    reads = "".join(refused(f"open({str(place)!r})") for place in places)
    writes = "".join(refused(f"open({place!r}, 'w')") for place in (f"{prefix}/lib/new", "/usr/new"))
    assert holds(reads + writes)
    assert secret.read_text() == "x"


@needs_sandbox
def test_its_own_folder_is_empty_and_forgotten(user):
    program = "assert os.listdir('.') == []\nopen('x', 'w').write('y')\nassert open('/tmp/x').read() == 'y'"
    assert holds(program)
    assert holds(program)


@needs_sandbox
def test_there_is_no_network(user):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        port, name = server.getsockname()[1], f"\0belle-{os.getpid()}"
        abstract.bind(name)
        abstract.listen()
        assert holds(
            refused(f"socket.create_connection(('127.0.0.1', {port}), 1)")
            + refused("socket.create_connection(('8.8.8.8', 53), 1)")
            + refused(f"socket.socket(socket.AF_UNIX).connect({name!r})")
        )


@needs_sandbox
def test_there_are_no_other_processes_no_rights_and_no_environment(user, monkeypatch):
    monkeypatch.setenv("BELLE_SECRET", "key")
    outside = os.getpid()
    assert holds(
        "assert os.getpid() == 2 and os.getppid() == 1\n"
        "assert not {*os.environ} - {'LC_CTYPE'}\n"
        + refused(f"os.kill({outside}, 0)")
        + refused("os.chroot('/usr')")
        + refused("os.setgroups([0])")
        + refused("os.mknod('/tmp/device', 0o60600, os.makedev(8, 0))")
        + "libc = ctypes.CDLL(None)\n"
        "assert libc.unshare(0x10000000) == -1\n"
        "assert libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == -1\n"
        "assert libc.umount2(b'/usr', 2) == -1\n"
        # the first process has its rights still: nobody attaches to it
        "assert libc.ptrace(16, 1, None, None) == -1 and libc.ptrace(0x4206, 1, None, None) == -1\n"
    )


@needs_sandbox
def test_it_starts_no_process_and_no_thread():
    # Linux does not limit the processes of the real root, so this needs the way that is this user's own
    assert holds(
        refused("os.fork()")
        + "import subprocess, threading\n"
        + refused("subprocess.run([sys.executable])")
        + refused("threading.Thread(target=print).start()", "RuntimeError")
    )


@pytest.mark.slow
@pytest.mark.timeout(60)
@needs_sandbox
def test_a_fork_bomb_ends():
    bomb = "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    assert not holds(bomb, Limits(cpu_seconds=1))


@pytest.mark.slow
@pytest.mark.timeout(60)
@needs_sandbox
@pytest.mark.parametrize(
    ("program", "limits"),
    [
        ("while True: pass", Limits(cpu_seconds=1)),
        ("import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", Limits(cpu_seconds=1)),
    ],
)
def test_endless_programs_end_and_leave_nothing(user, program, limits):
    assert not holds(program, limits)
    assert_nothing_runs()


@needs_sandbox
@pytest.mark.parametrize(
    "before",
    [
        "pass",
        # it is not told of the end of the process that started it
        "ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)",
        # all that it may signal; then what started it must not be among them
        "import signal; os.kill(0, signal.SIGTERM) if signal.signal(signal.SIGTERM, signal.SIG_IGN) else None",
        "ctypes.CDLL(None).kill(-1, 9)",
        "os.kill(1, 9)",
    ],
)
def test_a_program_that_waits_ends_and_leaves_nothing(user, before):
    assert not holds(f"import time\n{before}\ntime.sleep(600)", Limits(wall_seconds=0.5))
    assert_nothing_runs()


def assert_nothing_runs() -> None:
    """No program that now runs in a sandbox lives on; those of other tests, at the same time, end too."""
    left = [one for one in Path("/proc").glob("[0-9]*/cmdline") if runs_program(one)]
    for _ in range(200):
        if not (left := [one for one in left if runs_program(one)]):
            return
        time.sleep(0.1)
    raise AssertionError(left)


def runs_program(path: Path) -> bool:
    try:
        return "task = json.load(sys.stdin)" in path.read_text(errors="replace")
    except OSError:
        return False


@needs_sandbox
def test_memory_and_files_are_limited(user):
    assert holds(refused("bytearray(10**9)", "MemoryError"))
    assert holds(refused("open('x', 'wb').write(bytes(9 * 2**20))"))
    assert not holds("for name in range(9):\n    with open(str(name), 'wb') as stream: stream.write(bytes(7 * 2**20))")
    assert not holds("while True: os.write(3, bytes(2**20))")


def test_without_unshare_it_refuses(monkeypatch):
    monkeypatch.setattr(run.shutil, "which", lambda _: None)
    with pytest.raises(UserError, match=r"no sandbox to run code in: the command `unshare`.*evaluate\.execute_code"):
        check_sandbox()


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("echo 'unshare: failed: Operation not permitted' >&2; exit 1", "Operation not permitted"),
        ("exit 0", "it did not start"),
    ],
)
def test_where_namespaces_are_forbidden_it_refuses_and_runs_nothing(monkeypatch, tmp_path, does, why):
    unshare = tmp_path / "unshare"
    unshare.write_text(f"#!/bin/sh\n{does}\n")
    unshare.chmod(0o755)
    monkeypatch.setattr(run.shutil, "which", lambda _: str(unshare))
    with pytest.raises(UserError, match=f"no sandbox to run code in: .*{why}"):
        run_python(["pass"])
