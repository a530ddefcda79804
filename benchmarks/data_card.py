"""Rows per second and memory of the data card: `python benchmarks/data_card.py --rows 2000000`."""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from belle.clean.clean import DROPPED_SCHEMA
from belle.data.questions import Question
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, MALFORMED_SCHEMA, TEXT_SCHEMA, TEXTS, Row, write_table
from belle.data_card.contamination import SETTINGS, measure_contamination
from belle.data_card.describe import write_card
from belle.files import write_json
from belle.mini.data.builtin import conversations as builtin_conversations
from belle.mini.data.builtin import questions as builtin_questions

REASONS = ("too_long", "contaminated", "duplicate")
SOURCES = ("one", "two", "three", "four")
ONE_IN = 5
"""One row of five is a dropped one."""


def rows_of(count: int) -> Iterator[Row]:
    """Yield conversations of 60 + 140 characters of the builtin ones, source after source."""
    instructions, words = [], Random(0)
    for row in builtin_conversations("general", "mini-general"):
        instructions += [message["content"] for message in row["messages"]]
    text = "".join(instructions)
    for number in range(count):
        start = words.randrange(len(text) - 200)
        messages = [
            {"role": "user", "content": text[start : start + 60]},
            {"role": "assistant", "content": text[start + 60 : start + 200]},
        ]
        source = SOURCES[number * len(SOURCES) // count]
        category = f"category {words.randrange(12)}"
        yield {
            "id": f"{source}-{number}", "source": source, "language": "zh", "category": category, "messages": messages
        }  # fmt: skip


def dropped_of(count: int) -> Iterator[Row]:
    """Yield such rows as cleaning drops them."""
    for number, row in enumerate(rows_of(count)):
        text = "\n\n".join(message["content"] for message in row["messages"])
        match = f"{SOURCES[0]}-{number}" if number % 3 else None
        yield {**row, "table": "conversations", "reason": REASONS[number % 3], "match": match, "text": text}


def write_clean(folder: Path, rows: int) -> None:
    """Write a data/clean of so many rows."""
    dropped = rows // ONE_IN
    write_table(folder / CONVERSATIONS, rows_of(rows - dropped), CONVERSATION_SCHEMA)
    write_table(folder / TEXTS, [], TEXT_SCHEMA)
    for name in ("conversations", "texts"):
        write_table(folder / f"{name}.malformed.parquet", [], MALFORMED_SCHEMA)
    write_table(folder / "dropped.parquet", dropped_of(dropped), DROPPED_SCHEMA)
    nothing = dict.fromkeys(REASONS, 0)
    counts = {"conversations_in": rows, "conversations_kept": rows - dropped, "conversations_dropped": nothing}
    counts |= {"texts_in": 0, "texts_kept": 0, "texts_dropped": nothing}
    write_json(folder / "counts.json", {"conversations_by_source": {}, "texts_by_source": {}} | counts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_clean(folder, rows)
        licenses = {f"data/{source}": {"license": "gpl-3.0", "homepage": None} for source in SOURCES}
        write_json(folder / "licenses.json", licenses)
        questions = [Question(**row) for row in builtin_questions("mini")]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start, processor = time.perf_counter(), time.process_time()
        used = SETTINGS.model_copy(update={"exact": False})
        contamination = measure_contamination(folder, questions, used, simplify=False)
        searched = time.perf_counter() - start
        write_card(folder, folder, folder / "licenses.json", contamination, folder)
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        assert json.loads((folder / "card.json").read_text(encoding="utf-8"))["conversations"]["in"] == rows
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{searched:.1f} s of it to look for {len(questions)} questions, as when cleaning looked less closely")
    print(f"{rows / seconds:,.0f} rows/s ({seconds:.1f} s, {processor:.1f} of a processor)")
    print(f"peak memory {memory / 2**20:.2f} GiB, {before / 2**20:.2f} before")


if __name__ == "__main__":
    main()
