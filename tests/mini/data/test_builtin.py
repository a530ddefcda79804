"""The mini data sets: contracts, categories, and no shared questions between training and evaluation."""

from collections import Counter

import pytest

from belle.config.base import load_profile
from belle.config.evaluation_set import EvalProfile
from belle.errors import UserError
from belle.mini.data.builtin import LEAKS, QUESTIONS_PER_CATEGORY, conversations, questions, texts
from belle.mini.data.sample import plain
from belle.mini.data.tasks import TASKS


@pytest.fixture(scope="module")
def general() -> list[dict]:
    return list(conversations("general", "mini-general"))


@pytest.fixture(scope="module")
def evaluation() -> list[dict]:
    return list(questions("mini"))


def user_turns(rows: list[dict]) -> list[str]:
    return [message["content"] for row in rows for message in row["messages"] if message["role"] == "user"]


def test_conversations_have_the_columns_of_the_table(general):
    assert [row["id"] for row in general] == [f"mini-general-{number}" for number in range(len(general))]
    assert all(list(row) == ["id", "source", "language", "category", "messages"] for row in general)
    assert {row["language"] for row in general} == {"zh", "en"}
    assert {message["role"] for row in general for message in row["messages"]} == {"user", "assistant"}


def test_every_category_has_hundreds_of_conversations_and_some_have_two_turns(general):
    counts = Counter(row["category"] for row in general)
    assert set(counts) == set(TASKS)
    assert min(counts.values()) > 200
    assert 0.05 < sum(len(row["messages"]) > 2 for row in general) / len(general) < 0.12


def test_the_data_is_the_same_each_time(general):
    assert list(conversations("general", "mini-general")) == general


def test_the_evaluation_set_is_balanced_in_every_prefix(evaluation):
    assert len(evaluation) == len(TASKS) * QUESTIONS_PER_CATEGORY >= 300
    assert len({plain(row["question"]) for row in evaluation}) == len(evaluation)
    for start in range(0, len(evaluation), len(TASKS)):
        assert [row["category"] for row in evaluation[start : start + len(TASKS)]] == list(TASKS)


def test_every_category_has_a_metric():
    assert set(load_profile(EvalProfile, "eval", "mini").metrics) == set(TASKS)


@pytest.mark.parametrize("name", ["general", "noisy"])
def test_only_the_planted_leaks_are_evaluation_questions(name, evaluation):
    held_out = {plain(row["question"]) for row in evaluation}
    rows = list(conversations(name, name))
    leaked = [row for row in rows if any(plain(turn) in held_out for turn in user_turns([row]))]
    assert len(leaked) == LEAKS
    assert all(len(row["messages"]) == 2 for row in leaked)


def test_the_mathematics_set_has_no_evaluation_question(evaluation):
    held_out = {plain(row["question"]) for row in evaluation}
    assert not held_out & {plain(turn) for turn in user_turns(list(conversations("math", "m")))}


def test_the_corpus_holds_no_evaluation_question_and_asks_nothing(evaluation):
    corpus = [row["text"] for row in texts("corpus", "c")]
    assert not any("？" in text or "?" in text for text in corpus)
    everything = "\n".join(plain(text) for text in corpus)
    assert not [row["question"] for row in evaluation if plain(row["question"]) in everything]


def test_noisy_answers_the_same_questions_and_half_of_them_wrongly(general):
    right = {m[0]["content"]: m[1]["content"] for row in general if len(m := row["messages"]) == 2}
    pairs = [
        (m[1]["content"], right[m[0]["content"]])
        for row in conversations("noisy", "n")
        if len(m := row["messages"]) == 2 and m[0]["content"] in right
    ]
    wrong = sum(answer != reference for answer, reference in pairs) / len(pairs)
    assert len(pairs) > 5000
    assert 0.35 < wrong < 0.65


@pytest.mark.parametrize("make", [conversations, texts])
def test_an_unknown_data_set_is_refused_with_the_names_there_are(make):
    with pytest.raises(UserError, match=r"'b'.*corpus"):
        list(make("b", "source"))


def test_an_unknown_evaluation_set_is_refused_with_the_names_there_are():
    with pytest.raises(UserError, match=r"'b'.*mini"):
        list(questions("b"))
