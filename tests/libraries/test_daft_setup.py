import subprocess
import sys

WATCHED = """
import sys
connections = []
sys.addaudithook(lambda event, _: connections.append(event) if event.startswith("socket.") else None)
import belle.clean.clean
from belle.libraries.daft_setup import daft
daft.from_pydict({"a": [1]}).collect()
print([event for event in connections if event in ("socket.connect", "socket.getaddrinfo")])
print(sorted({"torch", "transformers", "datasets"} & set(sys.modules)))
"""


def test_daft_asks_no_one_and_draws_no_bar_and_needs_no_torch():
    done = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n[]\n", "")
