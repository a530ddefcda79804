import os
import pty
import subprocess
import sys

WATCHED = """
import os, sys
connections = []
sys.addaudithook(lambda event, _: connections.append(event) if event.startswith("socket.") else None)
from belle.libraries.daft_setup import daft
daft.from_pydict({"a": [2, 1]}).sort("a").collect()
print([event for event in connections if event in ("socket.connect", "socket.getaddrinfo")], flush=True)
os._exit(0)  # Daft's threads crash one in twenty Pythons that end at once
"""


def test_daft_connects_to_nothing():
    done = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_daft_draws_nothing_on_a_terminal():
    terminal, end = pty.openpty()
    subprocess.run([sys.executable, "-c", WATCHED], stdout=end, stderr=end, check=True)
    os.close(end)
    assert os.read(terminal, 10_000) == b"[]\r\n"
    os.close(terminal)
