"""Vocabulary extension at the size of BELLE's corpus: seconds, peak memory, tokens per line.

Run: .venv/bin/python benchmarks/vocabulary_scale.py CONVERSATIONS.json TOKENIZER [--lines 12000000] [--out RESULT.json]
CONVERSATIONS.json: a file of alpaca records; the texts are made of its sentences: a new line follows one sentence for
some characters, goes on with another that has the same two, and now and then has a character replaced.
TOKENIZER: a directory with the files of a tokenizer that can be extended; its model is a small random one.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from belle.config.extend_vocab import ExtendVocabParams
from belle.data.tables import TEXT_SCHEMA, Row, write_table
from belle.environment import environment
from belle.speed import peak_resident_memory

STEP = 12
"""Characters of a sentence until a line may go on with another, at most."""
REPLACED = 0.3
"""Share of the lines in which one character is replaced."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("conversations", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("--lines", type=int, default=12_000_000)
    parser.add_argument("--new-tokens", type=int, default=47_458)
    parser.add_argument("--texts", type=Path, help="keep the texts in this file, or take them from it")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = options.texts or folder / "texts.parquet"
        if not texts.exists():
            write_table(texts, rows(read_sentences(options.conversations), options.lines), TEXT_SCHEMA)
        write_base(options.tokenizer, folder / "base")
        (folder / "out").mkdir()
        # a process of its own: the peak of memory is that of the extension
        command = [sys.executable, "-c", CHILD, str(folder), str(texts), str(options.new_tokens)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        result = json.loads(done.stdout) | tokens_per_line(folder, options.conversations)
    report = {"texts": options.lines, "tokenizer": options.tokenizer.name, **result, "environment": environment()}
    print(json.dumps(report, indent=2, ensure_ascii=False))
    if options.out:
        options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


CHILD = "import sys; sys.path[:0] = ['benchmarks']; import vocabulary_scale; vocabulary_scale.extend(*sys.argv[1:])"


def extend(folder: str, texts: str, new_tokens: str) -> None:
    """Extend the base in `folder` and print what it took as JSON."""
    from belle.libraries.block_imports import block_imports

    block_imports("gptqmodel", "torchao", "deepspeed", "bitsandbytes")
    from belle.tokenizer.extension.extend import extend_vocabulary

    params = ExtendVocabParams(enabled=True, new_tokens=int(new_tokens), character_coverage=0.9995, max_characters=16)
    before, start, wall = peak(), time.process_time(), time.perf_counter()
    counts = extend_vocabulary(Path(folder) / "base", Path(texts), params, Path(folder) / "out")
    print(
        json.dumps(
            {
                "processor_seconds": round(time.process_time() - start),
                "seconds": round(time.perf_counter() - wall),
                "peak_mb": peak(),
                "peak_mb_before": before,
                **counts,
            }
        )
    )


def peak() -> int:
    """Return the most memory this process has had so far, in 10^6 bytes."""
    return round(peak_resident_memory() / 1e6)


def read_sentences(conversations: Path) -> list[str]:
    records = json.loads(conversations.read_text(encoding="utf-8"))
    texts = (record[key] for record in records for key in ("instruction", "input", "output"))
    return [one for text in texts for one in re.findall(r"[^。！？\n]+[。！？]?", text) if one.strip()]


def rows(sentences: list[str], count: int) -> Iterator[Row]:
    """Yield texts of one line each, nearly all of them different."""
    random, corpus, places = Random(0), "\n".join(sentences), defaultdict(list)
    for place in range(len(corpus) - 1):
        places[corpus[place : place + 2]].append(place)
    starts = [0, *(place + 1 for place, character in enumerate(corpus) if character == "\n")]
    chinese = re.findall(r"[\u4e00-\u9fff]", corpus)
    for number in range(count):
        place, line = random.choice(starts), ""
        while True:
            piece, _, rest = corpus[place : place + 1 + int(random.random() * STEP)].partition("\n")
            line += piece
            place += len(piece)
            if rest or corpus[place : place + 1] in ("", "\n") or len(line) > 200:
                break
            place = random.choice(places.get(corpus[place : place + 2]) or [place])
        if random.random() < REPLACED:
            at = int(random.random() * len(line))
            line = line[:at] + random.choice(chinese) + line[at + 1 :]
        yield {"id": f"synthetic-{number}", "source": "synthetic", "language": "zh", "text": line}


def write_base(tokenizer: Path, folder: Path) -> None:
    """Write a small random model with this tokenizer."""
    from belle.libraries.block_imports import block_imports

    block_imports("gptqmodel", "torchao", "deepspeed", "bitsandbytes")
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    from belle.tokenizer.template import store_template

    shutil.copytree(tokenizer, folder)
    size = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 1, "num_attention_heads": 1}
    count = len(AutoTokenizer.from_pretrained(folder))
    LlamaForCausalLM(LlamaConfig(vocab_size=count, **size)).save_pretrained(folder)
    store_template(folder, "belle")


def tokens_per_line(folder: Path, conversations: Path) -> dict[str, Any]:
    """Return tokens per line of the real sentences, before and after."""
    from belle.tokenizer.extension.measure import measure
    from belle.tokenizer.load import read_tokenizer

    counts = measure(read_tokenizer(folder / "base"), read_tokenizer(folder / "out"), [read_sentences(conversations)])
    return {f"sentences_{key}": counts[key] for key in ("tokens_per_line_before", "tokens_per_line_after")}


if __name__ == "__main__":
    main()
