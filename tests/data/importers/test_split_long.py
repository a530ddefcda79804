"""Long conversations cut at the borders of their turns."""

import pytest

from belle.config.data import SplitLong
from belle.data.importers.split_long import split_long
from factories import conversation, message

FIVE = conversation("q1", "a1", "q2", "a2", "q3", "a3", "q4", "a4", "q5", "a5", system="s")


def pieces(messages, **limits) -> list[str]:
    cut = split_long(messages, SplitLong.model_validate(limits))
    return [" ".join(one["content"] for one in piece) for piece in cut]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"max_turns": 5}, ["s q1 a1 q2 a2 q3 a3 q4 a4 q5 a5"]),
        ({"max_turns": 2}, ["s q1 a1 q2 a2", "s q3 a3 q4 a4", "s q5 a5"]),
        # the system message counts in each piece
        ({"max_characters": 9}, ["s q1 a1 q2 a2", "s q3 a3 q4 a4", "s q5 a5"]),
        ({"max_characters": 8}, ["s q1 a1", "s q2 a2", "s q3 a3", "s q4 a4", "s q5 a5"]),
        ({"max_characters": 13, "max_turns": 4}, ["s q1 a1 q2 a2 q3 a3", "s q4 a4 q5 a5"]),
    ],
)
def test_each_piece_holds_as_many_whole_turns_as_fit(limits, expected):
    assert pieces(FIVE, **limits) == expected


def test_a_turn_that_is_too_long_by_itself_stays_whole():
    assert pieces(conversation("q", "a", "long question", "long answer", "q", "a"), max_characters=4) == [
        "q a", "long question long answer", "q a",
    ]  # fmt: skip


def test_answers_without_a_question_and_questions_without_an_answer_are_in_no_piece():
    messages = [message("assistant", "a0"), *conversation("q1", "a1", "q2"), *conversation("q3", "a3", "q4")]
    assert pieces(messages, max_turns=9) == ["q1 a1 q3 a3"]
    assert pieces([*conversation("q1", "a1"), message("assistant", "a2")], max_turns=1) == ["q1 a1 a2"]


@pytest.mark.parametrize("messages", [[], conversation("q"), [message("assistant", "a")]])
def test_a_conversation_without_a_turn_stays_for_cleaning_to_name(messages):
    assert split_long(messages, SplitLong(max_turns=1)) == [messages]
