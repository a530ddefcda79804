import subprocess
import sys

WATCHED = """
import sys
connections = []
sys.addaudithook(lambda event, _: connections.append(event) if event.startswith("socket.") else None)
from belle.libraries.daft_setup import daft
daft.from_pydict({"a": [1]}).collect()
print([event for event in connections if event in ("socket.connect", "socket.getaddrinfo")])
"""


def test_daft_connects_to_nothing_and_draws_no_bar_without_a_terminal():
    done = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
