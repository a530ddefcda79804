"""The mini data: contracts, categories, and no shared questions between training and evaluation."""

from collections import Counter

import pytest

from belle.config.base import load_profile
from belle.config.evaluation_set import EvalProfile
from belle.errors import UserError
from belle.mini.data.builtin import LEAKS, QUESTIONS_PER_CATEGORY, conversations, questions, texts
from belle.mini.data.sample import Sample, is_held_out, plain

CATEGORIES = (
    "math",
    "code",
    "classification",
    "extract",
    "open qa",
    "closed qa",
    "generation",
    "brainstorming",
    "rewrite",
    "summarization",
    "translation",
)


@pytest.fixture(scope="module")
def general() -> list[dict]:
    return list(conversations("general", "mini-general"))


@pytest.fixture(scope="module")
def evaluation() -> list[dict]:
    return list(questions("mini"))


def users(rows: list[dict]) -> list[str]:
    return [m["content"] for row in rows for m in row["messages"] if m["role"] == "user"]


def test_rows_keep_the_contract(general):
    assert [row["id"] for row in general] == [f"mini-general-{n}" for n in range(len(general))]
    assert all(list(row) == ["id", "source", "language", "category", "messages"] for row in general)
    assert {row["language"] for row in general} == {"zh", "en"}
    assert {m["role"] for row in general for m in row["messages"]} == {"user", "assistant"}


def test_every_category_has_hundreds_of_rows_and_some_are_multi_turn(general):
    counts = Counter(row["category"] for row in general)
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) > 200
    assert 0.05 < sum(len(row["messages"]) > 2 for row in general) / len(general) < 0.12


def test_data_is_the_same_each_time(general):
    assert list(conversations("general", "mini-general")) == general


def test_evaluation_set_is_balanced_in_every_prefix(evaluation):
    assert len(evaluation) == len(CATEGORIES) * QUESTIONS_PER_CATEGORY >= 300
    assert len({plain(row["question"]) for row in evaluation}) == len(evaluation)
    for start in range(0, len(evaluation), len(CATEGORIES)):
        assert [row["category"] for row in evaluation[start : start + len(CATEGORIES)]] == list(CATEGORIES)


def test_every_category_has_a_rule():
    assert set(load_profile(EvalProfile, "eval", "mini").metrics) == set(CATEGORIES)


@pytest.mark.parametrize("name", ["general", "noisy"])
def test_only_the_planted_leaks_are_evaluation_questions(name, evaluation):
    held_out = {plain(row["question"]) for row in evaluation}
    rows = list(conversations(name, name))
    leaked = [row for row in rows if any(plain(q) in held_out for q in users([row]))]
    assert len(leaked) == LEAKS
    assert all(len(row["messages"]) == 2 for row in leaked)


def test_extra_math_has_no_evaluation_question(evaluation):
    held_out = {plain(row["question"]) for row in evaluation}
    assert not held_out & {plain(question) for question in users(list(conversations("math", "m")))}


def test_corpus_holds_no_evaluation_question_and_asks_nothing(evaluation):
    told = [row["text"] for row in texts("corpus", "c")]
    assert not any("？" in text or "?" in text for text in told)
    everything = "\n".join(plain(text) for text in told)
    assert not [row["question"] for row in evaluation if plain(row["question"]) in everything]


def test_noisy_teacher_is_asked_the_same_and_answers_half_of_it_wrongly(general):
    right = {m[0]["content"]: m[1]["content"] for row in general if len(m := row["messages"]) == 2}
    pairs = [
        (m[1]["content"], right[m[0]["content"]])
        for row in conversations("noisy", "n")
        if len(m := row["messages"]) == 2 and m[0]["content"] in right
    ]
    wrong = sum(answer != reference for answer, reference in pairs) / len(pairs)
    assert len(pairs) > 5000
    assert 0.35 < wrong < 0.65


def test_planted_rows_are_there(general):
    seen = Counter(str(row["messages"]) for row in general)
    assert sum(count - 1 for count in seen.values()) >= 50, "exact duplicates"
    assert any(len(row["messages"]) == 1 for row in general), "one side missing"
    assert any("\x00" in m["content"] for row in general for m in row["messages"]), "control characters"
    assert any(not m["content"] for row in general for m in row["messages"]), "empty answers"
    assert any(len(m["content"]) > 4000 for row in general for m in row["messages"]), "too long"
    assert any(text.startswith("请问：") for text in users(general)), "near duplicates"


@pytest.mark.parametrize(("make", "name"), [(conversations, "b"), (texts, "b")])
def test_unknown_names_are_refused(make, name):
    with pytest.raises(UserError, match="unknown; there"):
        list(make(name, "source"))


def test_unknown_evaluation_set_is_refused():
    with pytest.raises(UserError, match="unknown; there is mini"):
        list(questions("b"))


def test_the_side_of_an_exercise_follows_its_key_not_its_phrasing():
    sides = {
        Sample(question, "2", key="1加1").held_out for question in ("1+1等于多少？", "What is 1 plus 1?", "a", "b")
    }
    assert sides == {is_held_out("1加1")}


def test_one_key_in_eight_is_held_out():
    assert 0.10 < sum(is_held_out(str(n)) for n in range(4000)) / 4000 < 0.15


@pytest.mark.parametrize(("one", "other"), [("３＋５＝？", "3+5="), ("What IS it", "whatisit."), ("你 好！", "你好")])
def test_plain_text_ignores_width_case_space_and_punctuation(one, other):
    assert plain(one) == plain(other)
