"""The OpenAI-compatible server of llama-cpp-python, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

KEY = "sk-local-123"
"""What it wants as its key."""


@contextmanager
def serve_llama(model: Path, context: int, *more: str) -> Iterator[str]:
    """Serve a GGUF file with a context of so many tokens, and with more options; yield the address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(model), "--n_ctx", str(context)]
    options = ["--port", str(port), "--host", "127.0.0.1", "--api_key", KEY, "--verbose", "false"]
    environment = os.environ | {"NO_PROXY": "127.0.0.1"}
    server = subprocess.Popen(
        [*command, *options, *more], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    base = f"http://127.0.0.1:{port}/v1"
    try:
        for _ in range(300):
            if server.poll() is not None:
                pytest.fail(server.stdout.read().decode())
            try:
                httpx.get(f"{base}/models", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield base
    finally:
        server.kill()
        server.wait()
