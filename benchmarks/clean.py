"""Rows per second, memory and correctness of the clean stage on rows with planted duplicates and leaks.

Run: python benchmarks/clean.py --alpaca FILE --questions FILE [--rows 200000] [--peers FOLDER] [--result FILE]

`--alpaca`: a JSON array in alpaca's format, whose rows are perturbed; `--questions`: JSON Lines with `question`, the
evaluation set. `--peers`: a folder with datatrove and datasketch, to be measured on the same rows (`--peer-rows`).
Every measurement is a process of its own on the same two cores.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from clean_rows import CHARACTERS, EXACT_SHARE, NEAR_SHARE, Planted, Rows

from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, write_table

SHINGLE = 5
"""Characters of the n-grams by which planted rows are judged here: another measure than the one that is tested."""
LEAKS = 300
CORES = sorted(os.sched_getaffinity(0))[:2]

OURS = """
import resource, sys, time
from pathlib import Path
import ruamel.yaml
start = time.perf_counter()
from belle.clean.clean import clean
from belle.config.base import load_params
from belle.config.clean import CleanParams
raw, questions, out = map(Path, sys.argv[1:4])
clean(raw, questions, out, load_params(CleanParams, "clean"))
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
"""


def write_rows(folder: Path, rows: Rows, count: int) -> dict[str, Planted]:
    """Write the tables that the stage reads; return what is planted."""
    planted: dict[str, Planted] = {}
    (folder / "raw").mkdir(parents=True)
    write_table(folder / "raw" / CONVERSATIONS, rows.make(count, planted), CONVERSATION_SCHEMA)
    write_table(folder / "raw" / TEXTS, [], TEXT_SCHEMA)
    return planted


def timed(command: list[str], **options: Any) -> tuple[float, float, int]:
    """Run a command on the two cores that prints wall seconds, processor seconds and peak bytes last."""
    pinned = ["taskset", "-c", ",".join(map(str, CORES)), *command]
    done = subprocess.run(pinned, capture_output=True, text=True, **options)
    if done.returncode:
        raise SystemExit(done.stderr)
    wall, processor, memory = done.stdout.split()[-3:]
    return float(wall), float(processor), int(memory)


def grams(text: str) -> set[str]:
    return {text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)}


def similarity(one: str, other: str) -> float:
    left, right = grams(one), grams(other)
    return len(left & right) / len(left | right)


def judge(folder: Path, planted: dict[str, Planted], leaked: dict[str, str]) -> dict[str, Any]:
    """Compare what was dropped with what was planted; what is near by less than 0.9 is not counted."""
    rows = pq.read_table(folder / "raw" / CONVERSATIONS, columns=["id", "messages"])
    place = {name: at for at, name in enumerate(rows["id"].to_pylist())}
    dropped = {row["id"]: row for row in pq.read_table(folder / "clean" / "dropped.parquet").to_pylist()}

    def text(name: str) -> str:
        return "".join(one["content"] for one in rows["messages"][place[name]].as_py())

    def user(name: str) -> str:
        return str(rows["messages"][place[name]][0]["content"])

    found: dict[str, list[bool]] = {}
    for name, what in planted.items():
        if what.kind == "leak: near" and similarity(user(name), leaked[str(what.of)]) < 0.9:
            continue
        if what.kind.startswith("leak"):
            hit = dropped.get(name, {}).get("reason") == "contaminated"
        elif what.kind == "near" and similarity(text(name), text(str(what.of))) < 0.9:
            continue
        else:
            # either of the two may be the one that is kept, and its twin may be a leak that is dropped as such
            hit = name in dropped or what.of in dropped
        found.setdefault(what.kind, []).append(hit)
    near = [row for row in dropped.values() if row["reason"] == "near_duplicate"]
    wrong = sum(similarity(text(row["id"]), text(row["match"])) <= 0.5 for row in near)
    leaks = sum(row["reason"] == "contaminated" for row in dropped.values())
    return {
        "found": {kind: {"planted": len(hits), "found": sum(hits)} for kind, hits in sorted(found.items())},
        "dropped": {"near_duplicate": len(near), "of them Jaccard <= 0.5": wrong, "contaminated": leaks},
    }


def measure(folder: Path, rows: Rows, count: int, questions: Path) -> dict[str, Any]:
    """Clean `count` rows once."""
    planted = write_rows(folder, rows, count)
    (folder / "clean").mkdir()
    wall, processor, memory = timed(
        [sys.executable, "-c", OURS, str(folder / "raw"), str(questions), str(folder / "clean")]
    )
    return {
        "rows": count,
        "seconds": round(wall, 1),
        "processor_seconds": round(processor, 1),
        "rows_per_second": round(count / wall),
        "processor_microseconds_per_row": round(processor / count * 1e6, 1),
        "peak_memory_gb": round(memory / 1e9, 2),
        "megabytes_of_input": round((folder / "raw" / CONVERSATIONS).stat().st_size / 1e6, 1),
        **judge(folder, planted, rows.all_questions),
    }


def read_questions(path: Path, target: Path) -> dict[str, str]:
    """Write an evaluation set as data/eval has it; return its questions by id."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = {f"question-{number}": line["question"] for number, line in enumerate(lines)}
    with target.open("w", encoding="utf-8") as stream:
        for name, text in found.items():
            row = {"id": name, "question": text, "reference": None, "category": "open qa"}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alpaca", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--rows", type=int, nargs="+", default=[200_000])
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {"characters": CHARACTERS, "exact": EXACT_SHARE, "near": NEAR_SHARE, "runs": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        questions = read_questions(options.questions, folder / "questions.jsonl")
        for count in options.rows:
            rows = Rows(options.alpaca, questions, min(LEAKS, count // 20))
            run = measure(folder / str(count), rows, count, folder / "questions.jsonl")
            result["runs"].append(run | {"load_average": round(os.getloadavg()[0], 1)})
            print(json.dumps(result["runs"][-1], ensure_ascii=False))
    if options.result:
        options.result.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
