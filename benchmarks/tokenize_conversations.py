"""The tokenize stage beside the bare tokenizer, rows per second: `python benchmarks/tokenize_conversations.py [FILE]`.

Three measurements in one run on the same rows and cores, in turn: the `tokenizers` library alone on whole rendered
conversations (`encode_batch`), our encoding (rendered turn by turn, cut, tokenized, masked), and the whole stage
(table read, selected, encoded, packed, written). FILE is a JSON array of instruction, input and output, repeated with
another number in front of every row; without it the mini data. The tokenizer is that of the model `nano`, or of a
folder given with --tokenizer.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerBase

from belle.config.mixture import MixturePart
from belle.config.tokenize import TokenizeParams
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, Row, write_table
from belle.data.tokenize_conversations import CONVERSATIONS_PER_BATCH, tokenize_conversations
from belle.environment import environment
from belle.mini.data.builtin import conversations
from belle.mini.model import write_model
from belle.speed import peak_resident_memory
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import read_tokenizer
from belle.tokenizer.template import TEMPLATES

PARTS = [MixturePart(source="x")]
PARAMS = TokenizeParams(
    template="belle", max_length=1024, eval_fraction=0.01, train_conversations=None, max_dropped=0.1
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--stage-only", action="store_true", help="for its memory: nothing else is held beside it")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        encoder = ChatEncoder(tokenizer(folder, options.tokenizer))
        write_table(folder / CONVERSATIONS, rows(options.file, options.rows), CONVERSATION_SCHEMA)
        found = measure(folder, encoder, options.file, options.rows, options.rounds, options.stage_only)
    print(json.dumps(found, indent=2))
    if options.out:
        options.out.write_text(json.dumps(found | {"environment": environment()}, indent=2) + "\n", encoding="utf-8")


def tokenizer(folder: Path, given: Path | None) -> PreTrainedTokenizerBase:
    if given is None:
        (folder / "model").mkdir()
        write_model(folder / "model", "nano")
    found = read_tokenizer(given or folder / "model")
    found.chat_template = TEMPLATES["belle"]
    return found


def rows(file: Path | None, count: int) -> Iterator[Row]:
    if file is None:
        # without the broken ones that are planted there
        found = [row for row in conversations("general", "x") if len(row["messages"]) == 2]
    else:
        found = [conversation(record) for record in json.loads(file.read_text(encoding="utf-8"))]
    for number, row in enumerate(islice(cycle(found), count)):
        first, *others = row["messages"]
        messages = [first | {"content": f"{number} {first['content']}"}, *others]
        yield row | {"id": f"x-{number}", "source": "x", "messages": messages}


def conversation(record: dict[str, str]) -> Row:
    question = "\n".join(filter(None, (record["instruction"], record.get("input"))))
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": record["output"]}]
    return {"language": "zh", "category": None, "messages": messages}


def measure(
    folder: Path, encoder: ChatEncoder, file: Path | None, count: int, rounds: int, stage_only: bool
) -> dict[str, Any]:
    def stage() -> None:
        out = Path(tempfile.mkdtemp(dir=folder))
        tokenize_conversations(folder / CONVERSATIONS, PARTS, encoder, PARAMS, 42, out)

    work = {"stage": stage} if stage_only else {**compared(encoder, file, count), "stage": stage}
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, run in work.items():
            wall, processor = time.perf_counter(), time.process_time()
            run()
            seconds[name].append((time.perf_counter() - wall, time.process_time() - processor))
    result: dict[str, Any] = {"rows": count}
    for place, key in enumerate(("rows_per_second", "rows_per_processor_second")):
        rate = {name: count / statistics.median(one[place] for one in times) for name, times in seconds.items()}
        result[key] = {name: round(value) for name, value in rate.items()}
        if "bare" in rate:
            result[f"stage_of_bare_by_{key}"] = round(rate["stage"] / rate["bare"], 3)
    return result | {"peak_memory_gb": round(peak_resident_memory() / 1e9, 2)}


def compared(encoder: ChatEncoder, file: Path | None, count: int) -> dict[str, Callable[[], None]]:
    """Return what the stage is compared with, on rows that are in memory and rendered already."""
    messages = [row["messages"] for row in rows(file, count)]
    texts = ["".join(text for text, _ in encoder.sequences(one)[-1]) for one in messages]
    bare = encoder.tokenizer.backend_tokenizer

    def in_batches(encode: Callable, items: list) -> None:
        for start in range(0, len(items), CONVERSATIONS_PER_BATCH):
            encode(items[start : start + CONVERSATIONS_PER_BATCH])

    return {
        "bare": lambda: in_batches(lambda batch: bare.encode_batch(batch, add_special_tokens=False), texts),
        "encoding": lambda: in_batches(encoder.encode_batch, messages),
    }


if __name__ == "__main__":
    main()
