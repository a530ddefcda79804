"""A data folder with a row of every fate."""

import json
from pathlib import Path

import numpy as np
import pytest

from belle.data.packed_dataset import PackedDatasetWriter
from belle.files import write_json
from clean_tables import dropped_row, write_clean
from factories import conversation_row, question, text_row, write_json_lines

LONG = "改写成被动句：张伟今天早上在杭州的市场买走了三斤桃子和两斤苹果。" * 3


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`data` in a repository root, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    conversations = [
        conversation_row("test-1", "一加一等于几？", "2", category="math"),
        conversation_row("test-2/own", LONG, "桃子被张伟买走了。"),
        conversation_row("other-1", "Say [bold]hi[/bold]", "Hi", source="other", language="en", category="open qa"),
        conversation_row("test-4", "held out", "yes"),
        conversation_row("test-5", "too long to train on", "yes"),
        conversation_row("test-6", "left out by a mixture", "yes"),
    ]
    dropped = [
        dropped_row(
            "test-10", "duplicate", f"user: {LONG.replace('三斤', '四斤')}", match="test-2/own", similarity=0.912
        ),
        dropped_row("test-11", "contaminated", "user: 首都？\n\nassistant: 北京", match="q1", category="open qa"),
        dropped_row("test-12", "too_long", "user: \x1b[31m[red]x", detail="5,000 characters"),
        dropped_row("test-13", "duplicate", "user: gone", match="test-99"),
        dropped_row("text-2", "duplicate", "文字", table="texts", match="text-1"),
    ]
    write_clean(Path("data/clean"), conversations, dropped, [text_row("text-1", "文字")])
    source = {"kind": "hub", "repo": "OWNER/NAME", "revision": "a" * 40, "files": ["*.json"]}
    write_json(Path("data/raw/conversations.sources.json"), {"test": {"source": source}})
    Path("data/eval").mkdir()
    write_json_lines(Path("data/eval/questions.jsonl"), question("q1", "首都？").model_dump())
    _write_tokens(Path("data/tokens"))
    return Path("data")


def _write_tokens(folder: Path) -> None:
    """Three conversations in two packed sequences to train on, one held out, one dropped, one left out."""
    for split, rows in (("train", (0, 1, 2)), ("eval", (3,))):
        (folder / split).mkdir(parents=True)
        with PackedDatasetWriter(folder / split, 8, 0) as writer:
            for row in rows:
                writer.add(np.arange(4, dtype=np.int32), np.ones(4, bool), row)
    (folder / "dropped.jsonl").write_text(json.dumps({"id": "test-5", "reason": "too_long"}) + "\n")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output goes to a terminal, as far as rich knows, and its pager shows what it gets."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("PAGER", "less")
    monkeypatch.delenv("MANPAGER", raising=False)
