"""Rows per second of the tokenize stage's work on the mini data: encoding, and all of it with packing and writing.

Run: .venv/bin/python benchmarks/tokenize_conversations.py [ROWS]
"""

import json
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from belle.config.mixture import MixturePart
from belle.config.tokenize import TokenizeParams
from belle.data.tables import CONVERSATION_SCHEMA, CONVERSATIONS, write_table
from belle.data.tokenize_conversations import tokenize_conversations
from belle.mini.data.builtin import conversations
from belle.mini.model import write_model
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import read_tokenizer
from belle.tokenizer.template import TEMPLATES

PARTS = [MixturePart(source="x")]
PARAMS = TokenizeParams(template="belle", max_length=512, eval_fraction=0.01, train_conversations=None, max_dropped=0.1)


def main(count: int = 20_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model").mkdir()
        (folder / "tokens").mkdir()
        write_model(folder / "model", "nano")
        tokenizer = read_tokenizer(folder / "model")
        tokenizer.chat_template = TEMPLATES["belle"]
        encoder = ChatEncoder(tokenizer)
        rows = [
            row | {"id": f"row-{number}"}
            for number, row in enumerate(islice(cycle(conversations("general", "x")), count))
        ]
        write_table(folder / CONVERSATIONS, rows, CONVERSATION_SCHEMA)
        wall, processor = time.perf_counter(), time.process_time()
        encoder.encode_batch([row["messages"] for row in rows])
        encoding = time.process_time() - processor, time.perf_counter() - wall
        tokenize_conversations(folder / CONVERSATIONS, PARTS, encoder, PARAMS, 42, folder / "tokens")
        total = time.process_time() - processor - encoding[0], time.perf_counter() - wall - encoding[1]
        efficiency = json.loads((folder / "tokens/meta.json").read_text())["packing_efficiency"]
    for what, (processor, wall) in (("encoding", encoding), ("all", total)):
        print(f"{what:9} {count / processor:8,.0f} rows a processor second, {count / wall:8,.0f} rows per second")
    print(f"packing efficiency {efficiency}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
