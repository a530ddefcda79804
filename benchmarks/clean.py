"""Rows per second of the clean stage on synthetic short conversations: `python benchmarks/clean.py --rows 1000000`."""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from belle.clean.clean import clean
from belle.config.base import load_params
from belle.config.clean import CleanParams
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, TEXT_SCHEMA, TEXTS, Row, write_table

CHARACTERS = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"


def conversations(rows: int) -> Iterator[Row]:
    """Yield conversations of 20 + 30 characters; every tenth one has been there before, with other spaces."""
    words = random.Random(0)
    question = answer = ""
    for row in range(rows):
        if row % 10:
            question, answer = ("".join(words.choices(CHARACTERS, k=length)) for length in (20, 30))
        else:
            question += " "
        messages = [{"role": "user", "content": f"{question}？"}, {"role": "assistant", "content": answer}]
        yield {"id": f"row-{row}", "source": "synthetic", "language": "zh", "category": None, "messages": messages}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        raw, out = Path(folder, "raw"), Path(folder, "clean")
        raw.mkdir()
        out.mkdir()
        write_table(raw / CONVERSATIONS, conversations(rows), CONVERSATION_SCHEMA)
        write_table(raw / TEXTS, [], TEXT_SCHEMA)
        questions = Path(folder, "questions.jsonl")
        questions.write_text(
            '{"id": "q", "question": "中国的首都是哪里？", "reference": null, "category": "open qa"}\n',
            encoding="utf-8",
        )
        start = time.perf_counter()
        clean(raw, questions, out, load_params(CleanParams, "clean"))
        seconds = time.perf_counter() - start
        print((out / "counts.json").read_text(encoding="utf-8"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{rows / seconds:,.0f} rows/s ({seconds:.1f} s), peak memory {memory:.2f} GiB")


if __name__ == "__main__":
    main()
