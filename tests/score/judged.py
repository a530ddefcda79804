"""Judgments as the judge stage leaves them."""

import hashlib
from pathlib import Path

from belle.endpoints.extract import StoredReply
from belle.endpoints.reply import Reply
from belle.files import write_json
from belle.judge.judgments import JUDGES, JUDGMENTS, REPLIES, Asked, write_judgments, write_nothing


def write_judged(directory: Path, replies: list[tuple[str, str, int, str]]) -> None:
    """Write judgments from (question, judge, repeat, the text of the reply); none is a judge that was not asked."""
    directory.mkdir(parents=True, exist_ok=True)
    write_nothing(directory)
    if not replies:
        return
    asked, stored = [], []
    for identity, judge, repeat, text in replies:
        key = hashlib.sha256(f"{identity} {judge} {repeat}".encode()).hexdigest()
        asked.append(Asked(id=identity, judge=judge, repeat=repeat, attempt=0, key=key))
        reply = Reply(
            text=text, finish_reason="stop", refusal=None, model="m", fingerprint=None, input_tokens=1, output_tokens=1
        )
        stored.append(StoredReply(id=key, reply=reply))
    write_judgments(directory / JUDGMENTS, asked)
    lines = [one.model_dump_json() + "\n" for one in sorted(stored, key=lambda one: one.id)]
    (directory / REPLIES).write_text("".join(lines), encoding="utf-8")
    write_json(directory / JUDGES, {"judge": {"model": "m"}})
