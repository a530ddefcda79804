"""A server of OpenAI's Files and Batches API on this machine: it keeps what it is sent, and ends batches as told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from http_server import running_api


@dataclass
class BatchServer:
    """Files and batches, and what was refused or cut."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    refusals: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By `METHOD PATH`: status and message of the next answers."""
    cut: set[str] = field(default_factory=set)
    """`METHOD PATH` of requests that are carried out and get no answer."""

    def lines(self) -> list[dict[str, Any]]:
        """Lines of all files of requests, in the order of the batches."""
        uploads = [self.files[batch["input_file_id"]] for batch in self.batches.values()]
        return [json.loads(line) for upload in uploads for line in upload.splitlines()]

    def end(self, status: str, results: list[dict[str, Any]], errors: list[dict[str, Any]] | None = None) -> None:
        """End all batches with the same results."""
        self.files["out"], self.files["err"] = map(json_lines, (results, errors or []))
        for batch in self.batches.values():
            batch |= {"status": status, "output_file_id": "out", "error_file_id": "err" if errors else None}

    def answer(self, method: str, path: str, content: bytes) -> dict[str, Any] | bytes | None:
        """Carry out a request; None when there is no such thing."""
        match method, path.partition("?")[0].strip("/").split("/")[1:]:
            case "POST", ["files"]:
                name = f"file-{len(self.files)}"
                self.files[name] = file_in(content)
                return {"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "x", "purpose": "batch"}
            case "POST", ["batches"]:
                return self.make(json.loads(content))
            case "GET", ["batches"]:
                return {"object": "list", "data": list(self.batches.values())[::-1], "has_more": False}
            case "GET", ["batches", name] if name in self.batches:
                return self.batches[name]
            case "GET", ["files", name, "content"] if name in self.files:
                return self.files[name]
        return None

    def make(self, asked: dict[str, Any]) -> dict[str, Any]:
        name = f"batch-{len(self.batches)}"
        count = len(self.files[asked["input_file_id"]].splitlines())
        counts = {"total": count, "completed": 0, "failed": 0}
        self.batches[name] = asked | {
            "id": name, "object": "batch", "created_at": 1, "status": "in_progress", "request_counts": counts,
        }  # fmt: skip
        return self.batches[name]


def json_lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def file_in(form: bytes) -> bytes:
    """Return the file of a form."""
    boundary = form.split(b"\r\n", 1)[0]
    (part,) = [part for part in form.split(boundary) if b'name="file"' in part]
    return part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")


def handler_for(server: BatchServer) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self.respond("GET", b"")

        def do_POST(self) -> None:
            self.respond("POST", self.rfile.read(int(self.headers["Content-Length"])))

        def respond(self, method: str, content: bytes) -> None:
            at = f"{method} {self.path.partition('?')[0]}"
            with lock:
                server.keys.add(self.headers.get("Authorization", ""))
                status, found = 200, None
                if at in server.refusals:
                    status, message = server.refusals[at]
                    found = {"error": {"message": message}}
                else:
                    found = server.answer(method, self.path, content)
            if at in server.cut:
                self.close_connection = True
                return
            if found is None:
                status, found = 404, {"detail": "Not Found"}
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def serve_batches() -> Iterator[BatchServer]:
    """Run a server while the block runs."""
    server = BatchServer()
    with running_api(handler_for(server)) as server.address:
        yield server
