"""Exact and near duplicates of whole tables, through the function that the clean stage calls."""

import random

import pytest

from belle.clean.decisions import decide
from belle.clean.deduplication.duplicates import Deduplication
from belle.clean.deduplication.scratch import Scratch
from belle.clean.filters.length import TooLong
from belle.data.tables import CONVERSATION_SCHEMA, write_table
from belle.libraries.daft_setup import daft
from factories import clean_params, conversation_row


@pytest.fixture
def dropped(tmp_path):
    """{id of a dropped row: (reason, match, similarity)} for rows of (question, answer) or whole rows."""

    def run(rows, filters=(), **params):
        rows = [row if isinstance(row, dict) else conversation_row(str(at), *row) for at, row in enumerate(rows)]
        write_table(tmp_path / "table", rows, CONVERSATION_SCHEMA)
        deduplicate = clean_params(deduplicate=params).deduplicate
        with Scratch(tmp_path, deduplicate.bands) as scratch:
            decisions = decide(
                tmp_path / "table", daft.col("messages"), filters, Deduplication(deduplicate, scratch)
            ).to_pylist()
        found = {row["id"]: one for row, one in zip(rows, decisions, strict=True) if one["reason"]}
        kept = {row["id"] for row in rows} - set(found)
        assert all(one["match"] in kept for one in found.values() if one["match"]), "a match was dropped itself"
        return {name: (one["reason"], one["match"], one["similarity"]) for name, one in found.items()}

    return run


COMMON = "的是在有人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"


def words(draw, length):
    return "".join(draw.choices(COMMON, k=length))


def changed(draw, text, count):
    letters = list(text)
    for at in draw.sample(range(len(letters)), count):
        letters[at] = draw.choice("春夏秋冬东南西北")
    return "".join(letters)


def test_near_duplicates_are_found_and_distinct_rows_kept(dropped):
    draw = random.Random(1)
    rows = [(words(draw, 60), words(draw, 140)) for _ in range(3000)]
    copies = [(changed(draw, question, 1), changed(draw, answer, 3)) for question, answer in rows[:600]]
    relatives = [(question, words(draw, 140)) for question, _ in rows[1000:2000]]
    found = dropped([*rows, *copies, *relatives])
    assert {int(name) - 3000 for name in found} == set(range(600))
    assert all(match == str(int(name) - 3000) for name, (_, match, _) in found.items())
    assert all(reason == "near_duplicate" and 0.8 <= similarity < 1 for reason, _, similarity in found.values())


ANSWER = (
    "春天来了，小草从土里探出头来，河边的柳树也发出了新芽，孩子们脱下棉衣，在草地上奔跑，放着风筝，到处都是欢声笑语。"
)
LONGER = ANSWER[:-1] + "啊。"


def test_the_longest_answer_is_kept_then_the_first_one(dropped):
    question = "请写一段关于春天的文字"
    assert dropped([(question, ANSWER), (question, LONGER), (f"请问{question}", LONGER)]) == {
        "0": ("near_duplicate", "1", pytest.approx(0.97, abs=0.02)),
        "2": ("near_duplicate", "1", pytest.approx(0.97, abs=0.02)),
    }


def test_an_exact_duplicate_names_the_row_for_which_its_twin_was_dropped(dropped):
    question = "请写一段关于春天的文字"
    found = dropped([(question, ANSWER), (f"{question}！", ANSWER), (question, LONGER)])
    assert found["0"] == found["1"] == ("near_duplicate", "2", pytest.approx(0.97, abs=0.02))


def test_a_row_that_a_filter_drops_takes_no_part(dropped):
    question = "请写一段关于春天的文字"
    found = dropped([(question, LONGER), (question, ANSWER), (question, ANSWER)], [TooLong(len(question + ANSWER))])
    assert found == {"0": ("too_long", None, None), "2": ("duplicate", "1", 1.0)}


def test_both_kinds_can_be_switched_off(dropped):
    rows = [("请写一段关于春天的文字", ANSWER)] * 2 + [("请写一段关于春天的文字", LONGER)]
    assert set(dropped(rows, near=False)) == {"1"}
    assert {reason for reason, _, _ in dropped(rows, exact=False).values()} == {"near_duplicate"}
    assert dropped(rows, exact=False, near=False) == {}


def test_a_higher_threshold_drops_less(dropped):
    rows = [("请写一段关于春天的文字", ANSWER), ("请写一段关于春天的文字", LONGER)]
    assert set(dropped(rows, threshold=0.9)) == {"0"}
    assert dropped(rows, threshold=0.99) == {}


def test_english_is_compared_by_words(dropped):
    question = "Write three sentences about the village where you grew up"
    answer = (
        "My village lies between two green hills near a quiet lake. In summer the children swim there every day, and "
        "their parents sit under old trees and talk. In winter everybody meets in the small hall beside the church"
    )
    found = dropped([(question, answer), (question, answer.replace("quiet", "lovely")), (question, answer[:80])])
    assert list(found) == ["0"]  # the other answer is longer by a letter
