import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from belle.config.mixture import MixturePart
from belle.data.selection import EVAL, TRAIN, UNUSED, budgets, questions_of, select
from belle.data.tables import CONVERSATION_SCHEMA, MESSAGE, write_table
from belle.errors import UserError

SIZES = {"general": 600, "math": 300, "noisy": 600}
"""`noisy` asks what `general` asks."""


def conversation(source: str, number: int) -> dict:
    question = f"general问题{number}" if source == "noisy" else f"{source}问题{number}"
    turns = 1 + number % 3
    return {
        "id": f"{source}-{number}",
        "source": source,
        "language": "en" if number % 10 == 0 else "zh",
        "category": None if source == "noisy" else ("code" if number % 5 == 0 else "math"),
        "messages": [{"role": "system", "content": "助手"}] * (number % 2)
        + [{"role": role, "content": question} for role in ("user", "assistant")] * turns,
    }


ROWS = [conversation(source, number) for source, size in SIZES.items() for number in range(size)]


@pytest.fixture(scope="module")
def selected(tmp_path_factory):
    """Select conversations of the sources named; return the selection and the ids by split."""

    def make(*parts: MixturePart | str, count: int | None = None, share: float = 0.05):
        chosen = [part if isinstance(part, MixturePart) else MixturePart(source=part) for part in parts]
        names = {part.source for part in chosen}
        rows = [row for row in ROWS if row["source"] in names]
        table = tmp_path_factory.mktemp("table") / "conversations.parquet"
        write_table(table, rows, CONVERSATION_SCHEMA)
        selection = select(table, chosen, count, share)
        ids = np.array([row["id"] for row in rows])
        return selection, {split: set(ids[selection.splits == split]) for split in (UNUSED, TRAIN, EVAL)}

    return make


def by_group(ids: set[str]) -> Counter:
    return Counter((row["source"], row["language"], row["category"]) for row in ROWS if row["id"] in ids)


def test_all_is_trained_on_but_what_is_held_out(selected):
    selection, ids = selected("general", "math")
    assert not ids[UNUSED] and len(ids[TRAIN]) + len(ids[EVAL]) == 900
    assert 20 < len(ids[EVAL]) < 80
    assert selection.counts["math"] == {
        "conversations": 300,
        "held_out": sum(one.startswith("math") for one in ids[EVAL]),
        "trained_on": sum(one.startswith("math") for one in ids[TRAIN]),
    }


def test_what_is_held_out_stays_whatever_else_is_there(selected):
    alone, both = selected("general")[1], selected("math", "general", count=100)[1]
    assert {one for one in both[EVAL] if one.startswith("general")} == alone[EVAL]
    weighted = selected(MixturePart(source="general", weight=1, limit=50), MixturePart(source="math", weight=3))[1]
    assert weighted[EVAL] == both[EVAL]


def test_no_source_is_trained_on_a_question_that_another_holds_out(selected):
    _, ids = selected("general", "noisy")
    asked = {one.split("-")[1] for one in ids[EVAL] if one.startswith("general")}
    assert {one.split("-")[1] for one in ids[EVAL] if one.startswith("noisy")} == asked
    assert not asked & {one.split("-")[1] for one in ids[TRAIN]}


def test_a_smaller_number_is_a_part_of_a_larger_in_the_same_proportions(selected):
    parts = [MixturePart(source="general", weight=3), MixturePart(source="math", weight=1)]
    trained = [selected(*parts, count=count)[1][TRAIN] for count in (40, 100, 300, None)]
    assert [len(one) for one in trained[:3]] == [40, 100, 300]
    for smaller, larger in itertools.pairwise(trained):
        assert smaller < larger
    whole = by_group(trained[-1])
    for one in trained[:3]:
        for group, count in by_group(one).items():
            # one more or less for rounding within the source, and one within its groups
            assert abs(count - whole[group] * len(one) / len(trained[-1])) < 2


def test_a_smaller_limit_is_a_part_of_a_larger(selected):
    few, more = (selected(MixturePart(source="general", limit=limit), "math")[1][TRAIN] for limit in (50, 200))
    assert few < more and len(more - few) == 150
    assert {one for one in few if one.startswith("math")} == {one for one in more if one.startswith("math")}


def test_filters_leave_out_what_they_do_not_name(selected):
    part = MixturePart(source="general", languages=["zh"], categories=["code"], min_turns=2, max_turns=2)
    selection, ids = selected(part)
    assert all(int(one.split("-")[1]) % 30 in (25,) for one in ids[TRAIN] | ids[EVAL])
    assert selection.counts["general"]["conversations"] == len(ids[TRAIN] | ids[EVAL]) == 20
    assert len(ids[UNUSED]) == 580


@pytest.mark.parametrize(
    ("available", "weights", "limits", "expected"),
    [
        ((100, 50), (None, None), (None, None), [100, 50]),
        ((100, 50), (1, 1), (None, None), [50, 50]),
        ((100, 50), (3, 1), (None, None), [100, 33]),
        ((100, 50), (None, 1), (None, None), [100, 50]),
        ((100, 50), (1, 1), (30, None), [30, 30]),
        ((100, 50), (0.1, 0.3), (None, None), [16, 50]),
    ],
)
def test_budgets(available, weights, limits, expected):
    parts = [
        MixturePart(source=f"s{index}", weight=weight, limit=limit)
        for index, (weight, limit) in enumerate(zip(weights, limits, strict=True))
    ]
    assert budgets(available, parts) == expected


def test_the_first_question_and_the_turns():
    chats = [
        [("system", "s"), ("user", "a"), ("assistant", "b"), ("user", "c")],
        [("user", "d"), ("assistant", "e")],
    ]
    messages = pa.array([[{"role": r, "content": c} for r, c in chat] for chat in chats], pa.list_(MESSAGE))
    for array in (messages, pa.concat_arrays([messages, messages]).slice(2)):
        first, turns = questions_of(array)
        assert (first, turns.tolist()) == (["a", "d"], [2, 1])


def test_a_source_of_which_nothing_is_left(selected):
    with pytest.raises(UserError, match=r"no conversation of math is left .*counts\.json"):
        selected("general", MixturePart(source="math", min_turns=9))


@pytest.mark.parametrize(("key", "there"), [("languages", "en, zh"), ("categories", "code, math")])
def test_a_misspelled_language_or_category(selected, key, there):
    with pytest.raises(UserError, match=rf"math: the mixture's {key} name zz, which no conversation has; .*: {there}$"):
        selected("general", MixturePart(source="math", **{key: ["zz", there.split(", ")[0]]}))


def test_too_few_to_hold_any_out(tmp_path: Path):
    write_table(tmp_path / "conversations.parquet", [conversation("math", 1)], CONVERSATION_SCHEMA)
    with pytest.raises(UserError, match=r"1 conversations are too few: all are held out; .*tokenize\.eval_fraction"):
        select(tmp_path / "conversations.parquet", [MixturePart(source="math")], None, 0.01)
