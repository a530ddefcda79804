import hashlib
from pathlib import Path

import pytest

from belle.browse.tokens import what_tokenize_did
from belle.files import write_json

TABLE = Path("data/clean/conversations.parquet")


@pytest.mark.parametrize(
    ("identity", "position", "expected"),
    [
        ("test-1", 0, "trained on: packed sequence "),
        ("test-4", 3, "held out for the evaluation loss: packed sequence 0 of 1"),
        ("test-5", 4, "dropped: too_long"),
        ("test-6", 5, "left out"),
    ],
)
def test_the_fate_of_a_conversation(data, identity, position, expected):
    assert what_tokenize_did(TABLE, data / "tokens", identity, position).startswith(expected)


def test_every_segment_is_in_the_sequence_that_holds_it(data):
    found = [what_tokenize_did(TABLE, data / "tokens", "", position) for position in range(3)]
    assert sorted(line.split("sequence ")[1].split(" of ")[0] for line in found) == ["0", "0", "1"]


def test_no_tokens_yet(data):
    (data / "tokens/dropped.jsonl").unlink()
    assert "nothing yet" in what_tokenize_did(TABLE, data / "tokens", "test-1", 0)


@pytest.mark.parametrize("same", [True, False])
def test_tokens_of_other_data_say_nothing(data, same):
    digest = hashlib.md5(TABLE.read_bytes()).hexdigest() if same else "0" * 32
    deps = [{"path": "src/belle", "md5": "1" * 32}, {"path": str(TABLE), "md5": digest}]
    # JSON is YAML
    write_json(Path("dvc.lock"), {"stages": {"tokenize": {"deps": deps}}})
    found = what_tokenize_did(TABLE, data / "tokens", "test-1", 0)
    assert found.startswith("trained on" if same else "unknown: data/tokens was made of other data")
