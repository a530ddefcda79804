"""Rows per second and memory of importing data, for every format of rows and of files: one JSON result.

    python benchmarks/import.py --rows 200000 --output benchmarks/results/import.json

Each import runs in a process of its own, for its peak memory. The rows are made by the generator of the mini data, with
answers lengthened to 200 characters a row, as BELLE's are.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from belle.config.data import DataDownload
from belle.config.downloads import Downloads
from belle.download.data import download_data
from belle.environment import environment
from belle.files import write_json
from belle.mini.data.builtin import conversations
from belle.speed import peak_resident_memory

Record = dict[str, Any]
CHARACTERS = 200
CUT = {"max_turns": 2, "max_characters": 4000}


def exchanges() -> Iterator[tuple[str, str]]:
    """Yield questions and answers without end, each pair of `CHARACTERS` characters."""
    pairs = [(row["messages"][0]["content"], row["messages"][1]["content"]) for row in conversations("math", "x")]
    for number, (question, answer) in enumerate(cycle(pairs)):
        question = f"{number} {question}"
        yield question, (answer + "，" + question * 20)[: max(1, CHARACTERS - len(question))]


def _turns(question: str, answer: str) -> list[Record]:
    return [{"from": "human", "value": question}, {"from": "gpt", "value": answer}] * 3


def _history(question: str, answer: str) -> str:
    return f"Human:{question}\nAssistant:{answer}\nHuman:{question}\nAssistant:"


FORMATS: dict[str, Callable[[str, str], Record]] = {
    "alpaca": lambda question, answer: {"instruction": question, "input": "", "output": answer},
    "belle": lambda question, answer: {"input": question, "target": answer},
    "belle-multiturn": lambda question, answer: {"instruction": _history(question, answer), "output": answer},
    "sharegpt": lambda question, answer: {"conversations": _turns(question, answer)},
    "openai": lambda question, answer: {
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    },
    "text": lambda question, answer: {"text": question + answer},
}


def write_file(path: Path, records: Iterator[Record]) -> None:
    """Write records in the way that the ending of the path says."""
    name = path.name
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(list(records)), path)
    elif name.endswith(".arrow"):
        table = pa.Table.from_pylist(list(records))
        with pa.ipc.new_file(str(path), table.schema) as writer:
            writer.write_table(table, max_chunksize=10_000)
    elif name.endswith(".csv"):
        with path.open("w", encoding="utf-8", newline="") as stream:
            first = next(records)
            writer = csv.DictWriter(stream, list(first))
            writer.writeheader()
            writer.writerows([first, *records])
    else:
        is_array = name.endswith("array.json")
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        with pa.output_stream(str(path), compression="detect") as stream:
            stream.write(b"[" * is_array)
            for number, line in enumerate(lines):
                separator = "," if is_array and number else ""
                stream.write(f"{separator}{line}{'' if is_array else chr(10)}".encode())
            stream.write(b"]" * is_array)


def measure(path: Path, profile: Record) -> Record:
    """Import one file in a process of its own."""
    command = [sys.executable, __file__, "--import", str(path), "--profile", json.dumps(profile)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=path.parent)
    return json.loads(done.stdout)


def import_file(path: Path, profile: Record) -> Record:
    """Import one file into data/raw below the working directory; return rows, seconds and memory."""
    profile = {"source": {"kind": "path", "path": str(path)}, "language": "zh", **profile}
    source = {"name": "x", "profile": profile, "tracked": None}
    wanted = Downloads[DataDownload].model_validate({"limit": None, "max_malformed": 0, "sources": [source]})
    table = "texts" if profile["format"] == "text" else "conversations"
    wall, processor = time.perf_counter(), time.process_time()
    download_data(table, wanted, Path("raw"))
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    rows = pq.read_metadata(Path("raw", f"{table}.parquet")).num_rows
    return {
        "rows": rows,
        "file_mb": round(path.stat().st_size / 1e6, 1),
        "seconds": round(wall, 2),
        "processor_seconds": round(processor, 2),
        "rows_per_second": round(rows / wall),
        "rows_per_processor_second": round(rows / processor),
        "peak_memory_mb": round(peak_resident_memory() / 1e6),
    }


def cases() -> Iterator[tuple[str, str, Record]]:
    """Yield what is measured: name of the result, name of the file, keys of the profile."""
    for name in FORMATS:
        yield name, "x.jsonl", {"format": name}
    for ending in ("array.json", "jsonl.gz", "jsonl.zst", "csv", "parquet", "arrow"):
        yield f"alpaca {ending}", f"x.{ending}", {"format": "alpaca"}
    yield "sharegpt, cut", "x.jsonl", {"format": "sharegpt", "split_long": CUT}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--only", help="name of the one result that is measured")
    parser.add_argument("--import", dest="path", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--profile", type=json.loads, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.path:
        print(json.dumps(import_file(arguments.path, arguments.profile)))
        return
    result: Record = {"rows": arguments.rows, "characters_per_row": CHARACTERS, "environment": environment()}
    for name, file, profile in cases():
        if arguments.only not in (None, name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, file)
            records = (FORMATS[profile["format"]](*pair) for pair in islice(exchanges(), arguments.rows))
            write_file(path, records)
            result[name] = measure(path, profile)
        speeds = [f"{result[name][key]:9,}" for key in ("rows_per_second", "rows_per_processor_second")]
        print(f"{name:20} {' / '.join(speeds)} rows/s wall / processor, {result[name]['peak_memory_mb']} MB")
    if arguments.output:
        write_json(arguments.output, result)


if __name__ == "__main__":
    main()
