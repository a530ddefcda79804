"""Rows per second, memory and correctness of the clean stage on rows with planted duplicates and leaks.

Run: python benchmarks/clean.py [--alpaca FILE] [--questions FILE] [--rows 200000] [--peers PATH] [--result FILE]

`--alpaca`: a JSON array in alpaca's format, whose rows are perturbed beside those of the mini generator; `--questions`:
JSON Lines with `question`, the evaluation set (default: mini's); `--peers`: what PYTHONPATH needs for datatrove, spaCy,
jieba and datasketch, to be measured on the same rows (`--peer-rows`). Every measurement is a process of its own on the
same two cores.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Container
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from clean_rows import CHARACTERS, EXACT_SHARE, NEAR_SHARE, Planted, Rows

from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, Row, write_table
from belle.mini.data import builtin

SHINGLE = 5
"""Characters of the n-grams by which planted rows are judged here: another measure than the one that is tested."""
LEAKS = 300
CORES = sorted(os.sched_getaffinity(0))[:2]

OURS = """
import resource, sys, time
from pathlib import Path
start = time.perf_counter()
from belle.clean.clean import clean
from belle.config.base import load_params
from belle.config.clean import CleanParams
from belle.speed import peak_resident_memory
raw, questions, out = map(Path, sys.argv[1:4])
clean(raw, questions, out, load_params(CleanParams, "clean"))
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, peak_resident_memory())
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


class Judge:
    """Compares what was dropped with what was planted; what is near by less than 0.9 is not counted."""

    def __init__(self, folder: Path, planted: dict[str, Planted], questions: dict[str, str]) -> None:
        self.rows = pq.read_table(folder / "raw" / CONVERSATIONS, columns=["id", "messages"])
        self.place = {name: at for at, name in enumerate(self.rows["id"].to_pylist())}
        self.planted, self.questions = planted, questions

    def messages(self, name: str) -> list[str]:
        """Return the messages of a row."""
        return [one["content"] for one in self.rows["messages"][self.place[name]].as_py()]

    def text(self, name: str) -> str:
        """Return them in one."""
        return "".join(self.messages(name))

    def repetitions(self, dropped: Container[str]) -> dict[str, Any]:
        """Count the repetitions that were found; either of the two rows may be the one that is kept."""
        found: dict[str, list[bool]] = {"exact": [], "near": []}
        for name, what in self.planted.items():
            if what.kind in found and (
                what.kind == "exact" or similarity(self.text(name), self.text(str(what.of))) >= 0.9
            ):
                found[what.kind].append(name in dropped or what.of in dropped)
        return summary(found)

    def leaks(self, dropped: Container[str]) -> dict[str, Any]:
        """Count the leaks that were found."""
        found: dict[str, list[bool]] = {}
        for name, what in self.planted.items():
            if not what.kind.startswith("leak"):
                continue
            if what.kind != "leak: near" or similarity(self.messages(name)[0], self.questions[str(what.of)]) >= 0.9:
                hit = name in dropped  # mostly as contaminated, some by an earlier filter
                found.setdefault(what.kind, []).append(hit)
        return summary(found)

    def all(self, dropped: dict[str, Row]) -> dict[str, Any]:
        """Count both, and the rows that were dropped wrongly."""
        near = [row for row in dropped.values() if row["reason"] == "near_duplicate"]
        wrong = sum(similarity(self.text(row["id"]), self.text(row["match"])) <= 0.5 for row in near)
        leaks = sum(row["reason"] == "contaminated" for row in dropped.values())
        return {
            "found": self.repetitions(dropped) | self.leaks(dropped),
            "near_duplicates": len(near),
            "near_duplicates_of_jaccard_up_to_0.5": wrong,
            "contaminated": leaks,
        }


def summary(found: dict[str, list[bool]]) -> dict[str, Any]:
    return {kind: {"planted": len(hits), "found": sum(hits)} for kind, hits in sorted(found.items())}


def measure(folder: Path, judge: Judge, questions: Path) -> dict[str, Any]:
    """Clean the rows of a folder once."""
    (folder / "clean").mkdir()
    command = [sys.executable, "-c", OURS, str(folder / "raw"), str(questions), str(folder / "clean")]
    run = speed(len(judge.place), *timed(command))
    columns = ["id", "reason", "match"]
    dropped = pq.read_table(folder / "clean" / "dropped.parquet", columns=columns).to_pylist()
    return run | judge.all({row["id"]: row for row in dropped})


def measure_peer(name: str, folder: Path, judge: Judge, packages: str) -> dict[str, Any]:
    """Have another library deduplicate the same rows."""
    out = folder / name
    out.mkdir()
    script = Path(__file__).with_name("clean_peers.py")
    path = os.pathsep.join([packages, os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(script), name, str(folder / "raw" / CONVERSATIONS), str(out)]
    run = speed(len(judge.place), *timed(command, env=os.environ | {"PYTHONPATH": path}))
    kept = set((out / "kept.txt").read_text("utf-8").split())
    return run | {"found": judge.repetitions(judge.place.keys() - kept)}


def speed(rows: int, wall: float, processor: float, memory: int) -> dict[str, Any]:
    return {
        "rows": rows,
        "seconds": round(wall, 1),
        "processor_seconds": round(processor, 1),
        "rows_per_second": round(rows / wall),
        "processor_microseconds_per_row": round(processor / rows * 1e6, 1),
        "peak_memory_gb": round(memory / 1e9, 2),
        "load_average": round(os.getloadavg()[0], 1),
    }


def read_questions(path: Path | None, target: Path) -> dict[str, str]:
    """Write an evaluation set as data/eval has it; return its questions by id."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path else builtin.questions("mini")
    found = {f"question-{number}": line["question"] for number, line in enumerate(lines)}
    with target.open("w", encoding="utf-8") as stream:
        for name, text in found.items():
            row = {"id": name, "question": text, "reference": None, "category": "open qa"}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alpaca", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--rows", type=int, nargs="+", default=[200_000])
    parser.add_argument("--peers")
    parser.add_argument("--peer-rows", type=int, default=100_000)
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {"characters": CHARACTERS, "exact": EXACT_SHARE, "near": NEAR_SHARE, "runs": []}
    with tempfile.TemporaryDirectory() as name:
        questions = read_questions(options.questions, Path(name, "questions.jsonl"))

        def prepared(folder: Path, count: int) -> Judge:
            rows = Rows(options.alpaca, questions, min(LEAKS, count // 20))
            return Judge(folder, write_rows(folder, rows, count), questions)

        for count in options.rows:
            folder = Path(name, str(count))
            result["runs"].append(measure(folder, prepared(folder, count), Path(name, "questions.jsonl")))
            print(json.dumps(result["runs"][-1]), flush=True)
            shutil.rmtree(folder)
        if options.peers:
            folder = Path(name, "peers")
            judge = prepared(folder, options.peer_rows)
            result["peers"] = {"belle": measure(folder, judge, Path(name, "questions.jsonl"))}
            for peer in ("datatrove", "datatrove_by_character", "datasketch"):
                result["peers"][peer] = measure_peer(peer, folder, judge, options.peers)
            print(json.dumps(result["peers"]))
    if options.result:
        options.result.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
