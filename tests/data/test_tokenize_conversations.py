import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from belle.config.tokenize import TokenizeParams
from belle.data.packed_dataset import PackedDataset
from belle.data.tables import CONVERSATION_SCHEMA, write_table
from belle.data.tokenize_conversations import drop_reason, tokenize_conversations
from belle.errors import UserError
from belle.files import sha256_of
from belle.tokenizer.encode import ChatEncoder, Encoded, EncodingError

PARAMS = TokenizeParams(template="belle", max_length=512, eval_conversations=8, max_dropped=0.05)


def conversation(number: int, question: str = "问", answer: str = "答") -> dict:
    messages = [{"role": "user", "content": f"{question}{number}"}, {"role": "assistant", "content": answer}]
    return {"id": f"x-{number}", "source": "x", "language": "zh", "category": None, "messages": messages}


def table(folder: Path, rows: list[dict]) -> Path:
    write_table(folder / "conversations.parquet", rows, CONVERSATION_SCHEMA)
    return folder / "conversations.parquet"


@pytest.fixture
def tokenized(tokenizer_of: Callable, tmp_path: Path) -> Callable[..., tuple[dict, Path]]:
    """Tokenize rows with PARAMS and changes to them; give the metrics and the folder."""

    def make(rows: list[dict], name: str = "tokens", **changes: object) -> tuple[dict, Path]:
        out = tmp_path / name
        out.mkdir()
        params = PARAMS.model_copy(update=changes)
        return tokenize_conversations(table(tmp_path, rows), ChatEncoder(tokenizer_of("belle")), params, 42, out), out

    return make


def test_mini_conversations_fill_the_rows(mini_rows, tokenized) -> None:
    from itertools import islice

    from belle.mini.data import conversations

    rows = [row for row in islice(conversations("general", "x"), 1500) if len(row["messages"]) == 2]
    metrics, out = tokenized(rows)
    train, held_out = PackedDataset(out / "train"), PackedDataset(out / "eval")
    assert metrics["packing_efficiency"] >= 0.98
    assert metrics["conversations"] + metrics["eval_conversations"] + sum(metrics["dropped"].values()) == len(rows)
    assert (metrics["packed_sequences"], metrics["tokens"]) == (len(train), len(train.ids))
    assert metrics["loss_token_fraction"] == round(float(np.mean(train.loss_mask)), 4)
    assert metrics["eval_conversations"] == len(held_out.segments) - 1 <= 8


def test_what_is_written(tokenized) -> None:
    metrics, out = tokenized([conversation(number) for number in range(40)])
    assert sorted(path.name for path in out.iterdir()) == ["dropped.jsonl", "eval", "meta.json", "tokenizer", "train"]
    assert json.loads((out / "meta.json").read_text()) == metrics | {
        "max_length": 512,
        "tokenizer_sha256": sha256_of(out / "tokenizer" / "tokenizer.json"),
        "template_sha256": sha256_of(out / "tokenizer" / "chat_template.jinja"),
    }
    assert (out / "dropped.jsonl").read_text() == ""


def test_bytes_are_the_same_on_every_run(tokenized) -> None:
    rows = [conversation(number) for number in range(40)]
    folders = [tokenized(rows, name)[1] for name in ("a", "b")]
    one, other = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in folders
    )
    assert one == other
    assert not [path for path, content in one.items() if str(folders[0]).encode() in content]


def test_each_dropped_row_has_its_reason(tokenized) -> None:
    rows = [conversation(number) for number in range(60)]
    rows[3] = conversation(3, answer="长" * 600)
    rows[7] = conversation(7, question="<|pad|>")
    metrics, out = tokenized(rows)
    assert {reason: count for reason, count in metrics["dropped"].items() if count} == {
        "too_long": 1,
        "special_token": 1,
    }
    assert list(metrics["dropped"]) == [
        "too_long", "special_token", "no_loss_tokens", "no_end_of_sequence", "template_refuses",
        "template_rewrites_history",
    ]  # fmt: skip
    logged = [json.loads(line) for line in (out / "dropped.jsonl").read_text().splitlines()]
    assert logged == [{"id": "x-3", "reason": "too_long"}, {"id": "x-7", "reason": "special_token"}]


def test_more_dropped_than_allowed_fails_with_counts(tokenized) -> None:
    rows = [conversation(number, answer="长" * 600 if number % 10 == 0 else "短") for number in range(60)]
    with pytest.raises(UserError) as failure:
        tokenized(rows)
    assert str(failure.value) == (
        "data/clean: 6 of 60 conversations would be dropped (too_long 6), more than tokenize.max_dropped (0.05) "
        "allows; raise tokenize.max_length or look at the data"
    )
    assert tokenized(rows, "again", max_dropped=0.1)[0]["dropped"]["too_long"] == 6


def test_nothing_left_is_said_so(tokenized) -> None:
    rows = [conversation(number, answer="长" * 600) for number in range(60)]
    with pytest.raises(UserError, match="none are left to train on"):
        tokenized(rows, max_dropped=1.0)


@pytest.mark.parametrize(
    ("trained", "reason"),
    [([False, True], None), ([True, False], "no_loss_tokens"), ([], "no_loss_tokens"), ([True] * 5, "too_long")],
)
def test_drop_reason(trained: list[bool], reason: str | None) -> None:
    encoded = Encoded(np.zeros(len(trained), np.int32), np.array(trained, bool))
    assert drop_reason(encoded, 4) == reason


def test_an_unencodable_conversation_is_dropped_for_its_own_reason() -> None:
    assert drop_reason(EncodingError("special_token"), 4) == "special_token"
