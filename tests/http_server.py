"""A real HTTP server on this machine that can break, refuse, ignore ranges, and speak a little of the hub's API."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath

import pytest


@dataclass
class Behavior:
    """What the server holds, how it misbehaves, and the requests it got (method, path, range)."""

    files: dict[str, bytes] = field(default_factory=dict)
    ranges: bool = True
    breaks: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    delay: float = 0.0
    """Seconds before each answer."""
    error_code: str = ""
    """Sent with a status of `statuses`, as the hub tells its refusals apart."""
    address: str = ""
    commit: str = ""
    retry_after: str = ""
    """Sent with a status of `statuses`."""
    lengths: bool = True
    """Whether an answer says how long it is; without, it ends when the connection is closed."""
    pause: float = 0.0
    """Seconds between the bytes of an answer."""

    def add_repo(self, kind: str, repo: str, contents: dict[str, bytes], commit: str, lfs: str, *tags: str) -> None:
        """Make a hub repository (kind: models or datasets) with one commit.

        `lfs` names its large file, `tags` are what the hub makes of its card.
        """
        self.commit = commit
        siblings = []
        for name, content in contents.items():
            entry = {
                "rfilename": name,
                "size": len(content),
                "blobId": hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest(),
            }
            if name == lfs:
                digest = hashlib.sha256(content).hexdigest()
                entry["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 100}
            siblings.append(entry)
            prefix = "" if kind == "models" else "/datasets"
            self.files[f"{prefix}/{repo}/resolve/{commit}/{name}"] = content
        tree = [
            {"type": "file", "path": one["rfilename"], "size": one["size"], "oid": one["blobId"]}
            | ({"lfs": {"oid": one["lfs"]["sha256"], "size": one["size"], "pointerSize": 100}} if "lfs" in one else {})
            for one in siblings
        ]
        folders = sorted({str(parent) for name in contents for parent in PurePosixPath(name).parents} - {"."})
        tree += [{"type": "directory", "path": folder, "size": 0, "oid": "0" * 40} for folder in folders]
        for folder in ["", *folders]:
            below = [one for one in tree if one["path"].startswith(f"{folder}/" if folder else "")]
            self.files[f"/api/{kind}/{repo}/tree/{commit}{'/' * bool(folder)}{folder}"] = json.dumps(below).encode()
        info = json.dumps({"id": repo, "sha": commit, "private": False, "tags": tags, "siblings": siblings}).encode()
        self.files[f"/api/{kind}/{repo}"] = self.files[f"/api/{kind}/{repo}/revision/{commit}"] = info


def handler_for(behavior: Behavior) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self.reply(body=False)

        def do_GET(self) -> None:
            self.reply(body=True)

        def reply(self, body: bool) -> None:
            path, byte_range = self.path.partition("?")[0], self.headers.get("Range")
            time.sleep(behavior.delay)
            behavior.requests.append((self.command, path, byte_range))
            if behavior.statuses:
                return self.refuse(behavior.statuses.pop(0), behavior.error_code)
            if path not in behavior.files:
                missing = "RevisionNotFound" if "/revision/" in path else "RepoNotFound"
                is_entry = "/resolve/" in path or "/tree/" in path
                return self.refuse(404, "EntryNotFound" if is_entry else missing if "/api/" in path else "")
            content = behavior.files[path]
            is_part = bool(byte_range) and behavior.ranges
            first, _, last = (byte_range or "").removeprefix("bytes=").partition("-")
            start = int(first) if is_part else 0
            end = min(int(last) + 1, len(content)) if is_part and last else len(content)
            if start >= len(content) > 0:
                return self.refuse(416)
            self.send_response(206 if is_part else 200)
            if is_part:
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
            if behavior.lengths:
                self.send_header("Content-Length", str(end - start))
            else:
                self.close_connection = True
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", behavior.commit)
            self.end_headers()
            if body:
                self.send(content[start:end])

        def send(self, content: bytes) -> None:
            if behavior.breaks:
                content = content[: behavior.breaks.pop(0)]
                self.close_connection = True
            if not behavior.pause:
                self.wfile.write(content)
            for byte in content if behavior.pause else ():
                self.wfile.write(bytes([byte]))
                time.sleep(behavior.pause)

        def refuse(self, status: int, error_code: str = "") -> None:
            self.send_response(status)
            if error_code:
                self.send_header("X-Error-Code", error_code)
            if behavior.retry_after:
                self.send_header("Retry-After", behavior.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()

    return Handler


@contextmanager
def serve() -> Iterator[Behavior]:
    """Run a server while the block runs; what it yields says how it behaves."""
    behavior = Behavior()
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(behavior))
    behavior.address = f"http://127.0.0.1:{web.server_port}"
    with running(web):
        yield behavior


@contextmanager
def running(web: ThreadingHTTPServer) -> Iterator[None]:
    """Answer requests in a thread while the block runs."""
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield
    web.shutdown()
    thread.join()
    web.server_close()


@contextmanager
def running_api(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer the requests of an API at a free port while the block runs; yield its address, as in base_url."""
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    web.daemon_threads = True
    with running(web):
        yield f"http://127.0.0.1:{web.server_port}/v1"


def use_hub(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a server the hub of this process; the library reads its address once, when it is imported."""
    from huggingface_hub import close_session, constants

    close_session()
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.delenv("HF_TOKEN", raising=False)


def use_hub_for_datasets(address: str, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    """Make a server the hub of the library `datasets` too, which keeps file systems and cards of its own."""
    from datasets import config
    from huggingface_hub import HfFileSystem, constants

    use_hub(address, monkeypatch)
    monkeypatch.setattr(config, "HF_ENDPOINT", address)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    HfFileSystem.clear_instance_cache()
