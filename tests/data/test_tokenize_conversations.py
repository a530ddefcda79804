import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from belle.config.mixture import MixturePart
from belle.config.tokenize import TokenizeParams
from belle.data.packed_dataset import PackedDataset
from belle.data.tables import CONVERSATION_SCHEMA, write_table
from belle.data.tokenize_conversations import drop_reason, tokenize_conversations
from belle.errors import UserError
from belle.files import sha256_of
from belle.tokenizer.encode import ChatEncoder, Encoded, EncodingError
from belle.tokenizer.template import TEMPLATES
from factories import contents, conversation_row
from qwen3_template import as_qwen3

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

PARAMS = TokenizeParams(
    template="belle", max_length=512, eval_fraction=0.04, train_conversations=None, max_dropped=0.05
)
PARTS = [MixturePart(source="test")]


def row(number: int, question: str = "问", answer: str = "答") -> dict:
    return conversation_row(f"x-{number}", f"{question}{number}", answer)


@pytest.fixture
def tokenized(tokenizer_of: Callable, tmp_path: Path) -> Callable[..., tuple[dict, Path]]:
    """Tokenize conversations with PARAMS and changes to them; return the metrics and the folder."""

    def make(
        rows: list[dict], name: str = "tokens", tokenizer: "PreTrainedTokenizerBase | None" = None, **changes: object
    ) -> tuple[dict, Path]:
        table, out = tmp_path / "conversations.parquet", tmp_path / name
        write_table(table, rows, CONVERSATION_SCHEMA)
        out.mkdir()
        params, encoder = PARAMS.model_copy(update=changes), ChatEncoder(tokenizer or tokenizer_of("belle"))
        tokenize_conversations(table, PARTS, encoder, params, 42, out)
        return json.loads((out / "meta.json").read_text()), out

    return make


def test_the_metrics_describe_the_packed_sequences(tokenized):
    rows = [row(number, question="问" * (1 + number * 7 % 60)) for number in range(200)]
    metrics, out = tokenized(rows)
    train, held_out = PackedDataset(out / "train"), PackedDataset(out / "eval")
    assert metrics["packing_efficiency"] == round(len(train.ids) / (512 * len(train)), 4) > 0.9
    assert metrics["conversations"] == len(train.segments) - 1
    assert metrics["eval_conversations"] == len(held_out.segments) - 1 > 2
    assert metrics["conversations"] + metrics["eval_conversations"] == 200
    assert metrics["sources"]["test"]["trained_on"] == metrics["conversations"]
    assert (metrics["packed_sequences"], metrics["tokens"]) == (len(train), len(train.ids))
    assert metrics["loss_token_fraction"] == round(float(np.mean(train.loss_mask)), 4) > 0


def test_a_conversation_stays_one_where_the_template_makes_several_sequences_of_it(tokenized, tokenizer_of):
    rows = [row(number) for number in range(40)]
    rows += [
        conversation_row(f"y-{number}", f"问{number}", "答", "又问", "又答", "还问", "还答") for number in range(40)
    ]
    rows.append(conversation_row("z", "问", "答", "又问", "长" * 600))
    plain, _ = tokenized(rows, "plain")
    metrics, out = tokenized(rows, "rewritten", as_qwen3(tokenizer_of("belle")))
    assert "unrolled" not in plain
    assert metrics["unrolled"] == {"conversations": 40, "sequences": 120}
    names = ("conversations", "eval_conversations", "dropped", "sources")
    assert [metrics[name] for name in names] == [plain[name] for name in names]
    train, held_out = PackedDataset(out / "train"), PackedDataset(out / "eval")
    assert len(train.rows) + len(held_out.rows) == 40 + 120
    assert not set(train.rows) & set(held_out.rows)
    # the last answer does not fit, so the first one is not trained on either
    assert json.loads((out / "dropped.jsonl").read_text()) == {"id": "z", "reason": "too_long"}


def test_fewer_conversations_than_asked_for_are_said(tokenized, capsys):
    rows = [row(number) for number in range(40)]
    trained = tokenized(rows, "few", train_conversations=10)[0]["conversations"]
    assert trained == 10 and "note" not in capsys.readouterr().err
    trained = tokenized(rows, "many", train_conversations=100)[0]["conversations"]
    assert f"tokenize.train_conversations: 100: there are only {trained}" in capsys.readouterr().err


def test_tokens_tokenizer_and_digests_are_written(tokenized):
    metrics, out = tokenized([row(number) for number in range(40)])
    assert sorted(path.name for path in out.iterdir()) == ["dropped.jsonl", "eval", "meta.json", "tokenizer", "train"]
    assert json.loads((out / "meta.json").read_text()) == metrics | {
        "max_length": 512,
        "train_conversations": None,
        "tokenizer_sha256": sha256_of(out / "tokenizer" / "tokenizer.json"),
        "template_sha256": hashlib.sha256(TEMPLATES["belle"].encode()).hexdigest(),
    }
    assert (out / "dropped.jsonl").read_text() == ""


def test_bytes_are_the_same_on_every_run(tokenized):
    rows = [row(number) for number in range(40)]
    folders = [tokenized(rows, name)[1] for name in ("a", "b")]
    one, other = map(contents, folders)
    assert one == other
    assert not [path for path, content in one.items() if str(folders[0]).encode() in content]


def test_each_dropped_conversation_has_its_reason(tokenized):
    rows = [row(number) for number in range(60)]
    rows[3] = row(3, answer="长" * 600)
    rows[7] = row(7, question="<|pad|>")
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


def test_more_dropped_than_allowed_fails_with_counts(tokenized):
    rows = [row(number, answer="长" * 600 if number % 10 == 0 else "短") for number in range(60)]
    with pytest.raises(UserError, match=r"\b6 of 60 .*too_long 6.*tokenize\.max_dropped.*0\.05"):
        tokenized(rows)
    assert tokenized(rows, "again", max_dropped=0.1)[0]["dropped"]["too_long"] == 6


def test_nothing_left_to_train_on_is_an_error(tokenized):
    rows = [row(number, answer="长" * 600) for number in range(60)]
    with pytest.raises(UserError, match=r"\b60 of 60.*too_long 60"):
        tokenized(rows, max_dropped=1.0)


@pytest.mark.parametrize(
    ("loss_mask", "reason"),
    [([False, True], None), ([True, False], "no_loss_tokens"), ([], "no_loss_tokens"), ([True] * 5, "too_long")],
)
def test_a_conversation_must_fit_and_hold_a_predicted_answer(loss_mask, reason):
    encoded = Encoded(np.zeros(len(loss_mask), np.int32), np.array(loss_mask, bool))
    assert drop_reason([encoded], 4) == reason
    short = Encoded(np.zeros(2, np.int32), np.array([False, True]))
    assert drop_reason([short, encoded], 4) == (None if reason == "no_loss_tokens" else reason)


def test_an_unencodable_conversation_is_dropped_for_its_own_reason():
    assert drop_reason(EncodingError("special_token"), 4) == "special_token"
