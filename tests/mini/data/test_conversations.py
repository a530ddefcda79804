from random import Random

import pytest

from belle.mini.data.conversations import (
    TOO_LONG,
    answered_conversations,
    clean_teacher,
    corrupt,
    dialogue,
    noisy_teacher,
)
from belle.mini.data.sample import Sample
from factories import conversation

COUNTS = {"math": 100, "open qa": 50}


def answered(teacher) -> list[dict]:
    return list(answered_conversations(Random(1), COUNTS, teacher))


def questions(rows: list[dict]) -> list[str]:
    return [message["content"] for row in rows for message in row["messages"] if message["role"] == "user"]


def test_turns_become_messages():
    turns = [("问", "答"), ("q", "a")]
    row = {"language": "en", "category": "math", "messages": conversation("问", "答", "q", "a")}
    assert dialogue("math", turns, "en") == row


@pytest.mark.parametrize("teacher", [clean_teacher, noisy_teacher])
def test_each_category_has_its_number_of_conversations(teacher):
    categories = [row["category"] for row in answered(teacher)]
    assert {name: categories.count(name) for name in COUNTS} == COUNTS


def test_every_teacher_answers_the_same_questions():
    clean, noisy = answered(clean_teacher), answered(noisy_teacher)
    assert questions(clean) == questions(noisy)
    assert clean != noisy


def test_the_noisy_teacher_refuses_or_cuts_short_some_answers():
    random, sample = Random(1), Sample("中国的首都是哪里？", "首都是北京")
    answers = [noisy_teacher(random, "open qa", sample) for _ in range(300)]
    assert {"首都是北京", "首都", "对不起，我不知道。"} < set(answers)
    assert 0.35 < answers.count("首都是北京") / 300 < 0.65


CLEAN = [dialogue("open qa", [(f"问题{number}？", f"答案{number}")]) for number in range(200)]
LEAKS = [("math", Sample("1+1等于多少？", "2")), ("math", Sample("2+2等于多少？", "4"))]


@pytest.fixture(scope="module")
def planted() -> list[dict]:
    """What was mixed among the clean conversations; 20 of each kind, and the leaks."""
    mixed = corrupt(CLEAN, LEAKS, 0.1, Random(1))
    assert len(mixed) == 200 + 3 * 20 + 2
    rest = list(mixed)
    for row in CLEAN:
        rest.remove(row)
    return rest


def contents(rows: list[dict]) -> list[str]:
    return [message["content"] for row in rows for message in row["messages"]]


def test_exact_and_near_duplicates_are_planted(planted):
    assert sum(row in CLEAN for row in planted) == 20
    assert sum(text.startswith("请问：") for text in contents(planted)) == 20


@pytest.mark.parametrize(
    "is_broken",
    [
        lambda row: not row["messages"],
        lambda row: [message["role"] for message in row["messages"]] == ["user"],
        lambda row: [message["role"] for message in row["messages"]] == ["assistant"],
        lambda row: "" in contents([row]),
        lambda row: any("\x00" in text for text in contents([row])),
        lambda row: any("\ufeff" in text for text in contents([row])),
        lambda row: any(len(text) >= TOO_LONG for text in contents([row])),
    ],
    ids=["no message", "no answer", "no question", "empty", "control characters", "invisible characters", "too long"],
)
def test_every_kind_of_broken_conversation_is_planted(planted, is_broken):
    assert any(map(is_broken, planted))


def test_leaks_are_planted_as_they_are_and_in_disguise(planted):
    leaked = [text for text in contents(planted) if "等于多少" in text]
    assert sorted(leaked) == sorted(["  1+1等于多少 ！", "2+2等于多少？"])


def test_clean_conversations_are_left_as_they_were(planted):
    assert contents(CLEAN)[:2] == ["问题0？", "答案0"]
