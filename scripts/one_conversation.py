"""Write docs/one-conversation.md: what every step between a raw file and a training batch makes of one conversation.

Each step calls the function that the pipeline calls; nothing on the page is typed by hand but its sentences.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import east_asian_width

import pyarrow as pa
from transformers import PreTrainedTokenizerBase

from belle.clean.text import normalize_messages
from belle.config.data import DataDownload
from belle.data.importers.import_rows import file_tables, import_rows
from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter
from belle.data.tables import CONVERSATION_SCHEMA, MESSAGE, Row, read_table, write_table
from belle.files import fresh_file
from belle.mini.data.builtin import conversations
from belle.mini.model import train_mini_tokenizer, write_tokenizer
from belle.tokenizer.encode import ChatEncoder, Encoded
from belle.tokenizer.load import read_tokenizer
from belle.tokenizer.template import TEMPLATES
from belle.train.collator import IGNORED, FlatCollator

MAX_LENGTH, FEWEST_CHARACTERS = 128, 4
LINE = 110
"""Columns of a line on the page."""
PAGE = """# One conversation, from raw JSON to a training batch

Written by `make generate`: every step below calls the function that the pipeline calls, on a conversation of two turns
of the embedded data and on a shorter neighbor.

## 1. Raw: one line of a JSON Lines file

A source in ShareGPT's format (`configs/data/*.yaml` says which format a file has).

```json
{raw}
```

## 2. Imported: one row of data/raw/conversations.parquet

`src/belle/data/importers/formats.py` turns the record into messages and adds `id`, `source` and `language`;
`src/belle/data/tables.py` writes the table.

```json
{row}
```

## 3. Cleaned: the row in data/clean/conversations.parquet

`src/belle/clean/` keeps or drops the row and writes its text in normal form (`text.py`). Here the white space around
the first question is gone.

```json
{clean}
```

## 4. Rendered by the chat template

`src/belle/tokenizer/encode.py` renders the conversation with the tokenizer's own template (`template.py`) and cuts it
where an answer begins and behind its end token. Each part is tokenized by itself, so no token crosses a border.

| part | in the loss | text |
|---|---|---|
{rendered}

## 5. Encoded: ids with the loss mask

`ChatEncoder.encode` returns `ids: int32 [{tokens}]` and `loss_mask: bool [{tokens}]`. Only the answers and their end
tokens are in the loss. (`�`: an incomplete UTF-8 character, `␣`: a space.)

```
{encoded}
```

## 6. Packed: two conversations share one sequence

`src/belle/data/packing.py` chooses which conversations share a sequence of at most `tokenize.max_length` tokens,
`packed_dataset.py` writes four arrays: `ids.npy` and `loss_mask.npy` hold the tokens of all segments, one after the
other.

| array | content | meaning |
|---|---|---|
| `segments.npy` int64 [{segments_shape}] | {segments} | where each conversation begins in `ids.npy`, and the total |
| `sequences.npy` int64 [{sequences_shape}] | {sequences} | which segments share a sequence: the first and the second |

## 7. Collated: the inputs of a forward pass

`src/belle/train/collator.py` makes labels from the loss mask (`.` stands for {ignored}, which the loss ignores);
shorter segments come first, and positions start again at 0 in each. The first token of a segment is never a label: the
token before it belongs to another conversation.

```
{batch}
```

| input | content | meaning |
|---|---|---|
| `cu_seq_lens_q` int32 [{borders_shape}] | {borders} | where segments begin: no token attends to another one |
| `max_length_q` | {longest} | tokens of the longest segment |
| `logits_to_keep` int64 [{kept_shape}] | {kept} | the positions that predict a label: one before each |
"""


def write_page(path: Path) -> None:
    """Write the page to `path`."""
    with fresh_file(path) as partial:
        partial.write_text(PAGE.format(**steps()), encoding="utf-8")


def steps() -> dict[str, str]:
    """Return what each step makes of the conversation, by the name of its place on the page."""
    records = [_sharegpt(row) for row in _examples()]
    records[0]["conversations"][0]["value"] = f"  {records[0]['conversations'][0]['value']} \n"
    with TemporaryDirectory() as folder:
        row, neighbor = _imported(records, Path(folder))
        cleaned = normalize_messages(pa.array([row["messages"], neighbor["messages"]], pa.list_(MESSAGE))).to_pylist()
        encoder = ChatEncoder(_tokenizer(Path(folder)))
        encoded = [encoder.encode(messages) for messages in cleaned]
        packed = _packed(encoded, Path(folder))
    batch: dict[str, Any] = FlatCollator()([packed[0]])
    return {
        "raw": json.dumps(records[0], ensure_ascii=False),
        "row": json.dumps(row, ensure_ascii=False, indent=2),
        "clean": json.dumps(row | {"messages": cleaned[0]}, ensure_ascii=False, indent=2),
        "rendered": "\n".join(
            f"| {number} | {'yes' if in_loss else 'no'} | {_code(text)} |"
            for number, (text, in_loss) in enumerate(encoder.sequences(cleaned[0])[0])
        ),
        "tokens": str(len(encoded[0].ids)),
        "encoded": _aligned(
            {
                "token": _tokens(encoder.tokenizer, encoded[0].ids),
                "ids": encoded[0].ids,
                "loss_mask": encoded[0].loss_mask.astype(int),
            }
        ),
        **_listed("segments", packed.segments),
        **_listed("sequences", packed.sequences),
        "ignored": str(IGNORED),
        "batch": _aligned(
            {
                "token": _tokens(encoder.tokenizer, batch["input_ids"][0]),
                "input_ids": batch["input_ids"][0],
                "labels": ["." if label == IGNORED else label for label in batch["labels"][0].tolist()],
                "position_ids": batch["position_ids"][0],
            }
        ),
        **_listed("borders", batch["cu_seq_lens_q"]),
        "longest": str(batch["max_length_q"]),
        **_listed("kept", batch["logits_to_keep"]),
    }


def _examples() -> list[Row]:
    """The shortest conversation of two turns in mini-general whose answers are words, and such a one of one turn."""

    def characters(row: Row) -> int:
        return sum(len(message["content"]) for message in row["messages"])

    rows = [
        row for row in conversations("general", "example")
        if all(len(message["content"].strip()) >= FEWEST_CHARACTERS for message in row["messages"])
    ]  # fmt: skip
    return [min((row for row in rows if len(row["messages"]) == length), key=characters) for length in (4, 2)]


def _sharegpt(row: Row) -> dict[str, Any]:
    speaker = {"user": "human", "assistant": "gpt"}
    turns = [{"from": speaker[message["role"]], "value": message["content"]} for message in row["messages"]]
    return {"category": row["category"], "conversations": turns}


def _imported(records: list[dict[str, Any]], folder: Path) -> list[Row]:
    source = folder / "source"
    source.mkdir()
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (source / "example.jsonl").write_text(lines, encoding="utf-8")
    profile = DataDownload.model_validate(
        {"source": {"kind": "path", "path": "example.jsonl"}, "format": "sharegpt", "language": "zh"}
    )
    write_table(folder / "raw.parquet", import_rows(file_tables(source), "example", profile), CONVERSATION_SCHEMA)
    return list(read_table(folder / "raw.parquet"))


def _tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    write_tokenizer(train_mini_tokenizer(), folder)
    tokenizer = read_tokenizer(folder)
    tokenizer.chat_template = TEMPLATES["belle"]
    return tokenizer


def _packed(encoded: list[Encoded], folder: Path) -> PackedDataset:
    tokens = folder / "tokens"
    tokens.mkdir()
    with PackedDatasetWriter(tokens, MAX_LENGTH, seed=42) as writer:
        for row, one in enumerate(encoded):
            writer.add(one.ids, one.loss_mask, row)
    return PackedDataset(tokens)


def _tokens(tokenizer: PreTrainedTokenizerBase, ids: Iterable[int]) -> list[str]:
    """The text of each token, line breaks and blanks made visible."""
    return [tokenizer.decode([int(one)]).replace("\n", "\\n").replace(" ", "␣") for one in ids]


def _aligned(rows: dict[str, Iterable[Any]]) -> str:
    """Rows of equal length in aligned columns, as many side by side as fit a line."""
    names = max(map(len, rows))
    blocks: list[list[str]] = []
    for column in zip(*(map(_cell, row) for row in rows.values()), strict=True):
        width = max(map(_width, column)) + 1
        if not blocks or _width(blocks[-1][0]) + width > LINE:
            blocks.append([name.ljust(names + 1) for name in rows])
        blocks[-1] = [
            line + " " * (width - _width(value)) + value for line, value in zip(blocks[-1], column, strict=True)
        ]
    return "\n\n".join("\n".join(block) for block in blocks)


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else str(int(value))


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: two for each Chinese character."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _listed(name: str, values: Iterable[Any]) -> dict[str, str]:
    """Length and values of a one-dimensional array, as `NAME_shape` and `NAME`."""
    numbers = [str(int(value)) for value in values]
    return {name: f"`{' '.join(numbers)}`", f"{name}_shape": str(len(numbers))}


def _code(text: str) -> str:
    return "`" + text.replace("\n", "\\n").replace("|", "\\|") + "`"


if __name__ == "__main__":
    write_page(Path("docs/one-conversation.md"))
