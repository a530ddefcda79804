"""Vocabulary extension beside BELLE's merge: tokens per line, and lines without Chinese characters that change.

The base is a SentencePiece BPE of Python's own library and a few Chinese texts. BELLE's way: train a SentencePiece
model on the Chinese texts with the defaults, append every piece whose string is new, with its score.

Run: .venv/bin/python benchmarks/vocabulary.py [FILE] [--base PIECES] [--belle PIECES]
FILE: a JSON array of objects with `instruction`, `input` and `output`; none takes the corpus of the mini model.
"""

import argparse
import io
import json
import sysconfig
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sentencepiece import SentencePieceProcessor, SentencePieceTrainer, sentencepiece_model_pb2
from transformers import LlamaTokenizer

from belle.config.extend_vocab import ExtendVocabParams
from belle.mini.data.builtin import texts
from belle.tokenizer.extension.extend import write_tokenizer
from belle.tokenizer.extension.han import runs
from belle.tokenizer.extension.learn import learn
from belle.tokenizer.extension.vocabulary import read_vocabulary
from belle.tokenizer.load import read_tokenizer
from belle.tokenizer.save import save_tokenizer

CHINESE_LINES_OF_BASE = 1000
LLAMA: dict[str, Any] = {
    "byte_fallback": True, "normalization_rule_name": "identity", "remove_extra_whitespaces": False,
    "split_digits": True, "allow_whitespace_only_pieces": True,
}  # fmt: skip
"""How LLaMA's tokenizer was trained."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--base", type=int, default=32_000)
    parser.add_argument("--belle", type=int, default=8_000)
    parser.add_argument("--files", type=int, help="of Python's library, all by default")
    options = parser.parse_args()
    chinese, library = chinese_lines(options.file), library_lines(options.files)
    base = train([*library[0], *chinese[:CHINESE_LINES_OF_BASE]], vocab_size=options.base, **LLAMA)
    merged = merge(base, train(chinese, vocab_size=options.belle, character_coverage=0.9995))
    old, belle = (SentencePieceProcessor(model_proto=model) for model in (base, merged))
    count = belle.get_piece_size() - options.base
    with tempfile.TemporaryDirectory() as name:
        seconds, here = extend(base, Path(name), chinese, count)
    for name, model in (("base", old), (f"BELLE's +{count}", belle), (f"here +{count}, {seconds:.0f} s", here)):
        report(name, old.encode(library[1]), model.encode(library[1]), library[1], model.encode(chinese))


def chinese_lines(file: Path | None) -> list[str]:
    if file is None:
        found = [row["text"] for row in texts("corpus", "x")]
    else:
        rows = json.loads(file.read_text(encoding="utf-8"))
        found = [f"{row['instruction']}{row['input']}\n{row['output']}" for row in rows]
    return [line for text in found for line in text.splitlines() if line.strip()]


def library_lines(count: int | None) -> tuple[list[str], list[str]]:
    """Return the lines of Python's library to train on, and others to compare."""
    files = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))[:count]
    split: tuple[list[str], list[str]] = [], []
    for number, file in enumerate(files):
        lines = file.read_text(encoding="utf-8", errors="ignore").splitlines()
        split[number % 10 == 0].extend(line for line in lines if line.strip() and not runs(line))
    return split


def train(lines: Iterable[str], **options: Any) -> bytes:
    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, model_type="bpe", hard_vocab_limit=False, minloglevel=2,
        **options,
    )  # fmt: skip
    return model.getvalue()


def merge(base: bytes, new: bytes) -> bytes:
    """Join two models as BELLE's merge_tokenizers.py does."""
    joined, added = sentencepiece_model_pb2.ModelProto(), sentencepiece_model_pb2.ModelProto()
    joined.ParseFromString(base)
    added.ParseFromString(new)
    known = {piece.piece for piece in joined.pieces}
    joined.pieces.extend(piece for piece in added.pieces if piece.piece not in known)
    return joined.SerializeToString()


def extend(base: bytes, folder: Path, lines: list[str], count: int) -> tuple[float, SentencePieceProcessor]:
    (folder / "tokenizer.model").write_bytes(base)
    save_tokenizer(LlamaTokenizer.from_pretrained(folder), folder)
    start = time.perf_counter()
    old = read_vocabulary(folder / "tokenizer.json", "base")
    params = ExtendVocabParams(enabled=True, new_tokens=count, character_coverage=0.9995, max_characters=16)
    extension = learn(old, lambda: [lines], params)
    (folder / "out").mkdir()
    save_tokenizer(read_tokenizer(folder), folder / "out")
    write_tokenizer(old, extension, folder, folder / "out")
    seconds = time.perf_counter() - start
    return seconds, SentencePieceProcessor(model_file=str(folder / "out" / "tokenizer.model"))


def report(
    name: str, before: list[list[int]], after: list[list[int]], lines: list[str], chinese: list[list[int]]
) -> None:
    changed = [old != new for old, new in zip(before, after, strict=True)]
    digits = [one for one, line in zip(changed, lines, strict=True) if any(map(str.isdigit, line))]
    print(
        f"{name:20} lines of Python changed {sum(changed) / len(changed):6.1%} of {len(changed)}, with a digit "
        f"{sum(digits) / len(digits):6.1%}; tokens per Chinese line {sum(map(len, chinese)) / len(chinese):.2f}"
    )


if __name__ == "__main__":
    main()
