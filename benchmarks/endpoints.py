"""2000 judge requests against a server that answers after 50 ms, at concurrency 32: time, processor time and memory.

`python benchmarks/endpoints.py` prints one line. The server is a process of its own and does next to nothing, so what
is measured is this project's client and store. Beside it stands a client that sends the same bytes, reads the answers
and does nothing else: how near anything can come to the ideal on this machine, as busy as it is.
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1] / "src")

from belle.config.base import load_profile
from belle.config.endpoint import EndpointProfile
from belle.config.prices import prices_of
from belle.endpoints.budget import Budget
from belle.endpoints.request import Request
from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore

ANSWERS, JUDGES, SECONDS, CONCURRENCY = 1000, 2, 0.05, 32
TEXT = "得分：0.8\n理由：回答基本正确，但是没有说明原因，语言也不够简洁。" * 4
REPLY = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "judge-2026-01-01",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 700, "completion_tokens": 120, "total_tokens": 820},
}


def main() -> None:
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE)
    assert server.stdout
    address = f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
    profile = load_profile(EndpointProfile, "endpoint", "local")
    profile = profile.model_copy(update={"base_url": address, "max_concurrency": CONCURRENCY})
    requests = [[request(judge, number) for number in range(ANSWERS)] for judge in range(JUDGES)]
    with tempfile.TemporaryDirectory() as folder, ReplyStore(Path(folder)) as store:
        begun, used = time.monotonic(), time.process_time()
        for each in requests:
            send(each, profile, store, Budget(None, None, prices_of(profile), "judge.budget"))
        seconds, processor = time.monotonic() - begun, time.process_time() - used
        assert all(store.has_reply(one.key) for each in requests for one in each)
    begun = time.monotonic()
    asyncio.run(send_bytes(address, [message(one) for each in requests for one in each]))
    least = time.monotonic() - begun
    server.kill()
    ideal = ANSWERS * JUDGES * SECONDS / CONCURRENCY
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{ANSWERS * JUDGES} requests: {seconds:.2f} s, {seconds / ideal:.2f} × the ideal {ideal:.2f} s; "
        f"{processor:.2f} s of processor time; {memory:.0f} MiB; {least:.2f} s for bytes alone"
    )


def request(judge: int, number: int) -> Request:
    """A request as long as those of BELLE's evaluation set."""
    prompt = f"{number}：" + "请根据标准答案给下面的回答打分，满分为一分，并说明理由。" * 25
    return Request(f"judge{judge}", "m", [{"role": "user", "content": prompt}], 3000, {"temperature": 0.0})


def message(asked: Request) -> bytes:
    """What goes over the connection for a request."""
    body = json.dumps(asked.body, ensure_ascii=False).encode()
    return f"POST /v1{asked.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def send_bytes(address: str, messages: list[bytes]) -> None:
    """Send messages over `CONCURRENCY` connections, each when the answer to the one before it is here."""
    port = int(address.rpartition(":")[2].removesuffix("/v1"))

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while messages:
            writer.write(messages.pop())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]))
        writer.close()

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


def serve() -> None:
    """Answer every request with the same reply, `SECONDS` after it has arrived; print the port first."""
    body = json.dumps(REPLY, ensure_ascii=False).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    asyncio.run(_serve(head.encode() + body))


async def _serve(answer: bytes) -> None:
    loop = asyncio.get_running_loop()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length))
                loop.call_later(SECONDS, writer.write, answer)
        except (asyncio.IncompleteReadError, ConnectionResetError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main()
