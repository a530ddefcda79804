import pytest

from belle.clean.filters.malformed import Empty, Malformed
from factories import conversation, message

from .decide_one import decide_one


@pytest.mark.parametrize("roles", ["user assistant", "system user assistant", "user assistant user assistant"])
def test_alternating_turns_are_kept(tmp_path, roles):
    assert decide_one(tmp_path, Malformed(), [message(role, "x") for role in roles.split()]) == (None, None)


@pytest.mark.parametrize(
    "roles",
    [
        "",
        "user",
        "assistant user",
        "system assistant",
        "user assistant user",
        "user user assistant",
        "user assistant assistant",
        "user system assistant",
        "user tool assistant",
        "User Assistant",
    ],
)
def test_other_turns_are_dropped(tmp_path, roles):
    assert decide_one(tmp_path, Malformed(), [message(role, "x") for role in roles.split()]) == ("malformed", None)


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        (conversation("a", "b"), None),
        (conversation("a", ""), "empty"),
        (conversation("\u3000\r\n", "b"), "empty"),
        (conversation("a", "\u200b"), "empty"),
        (conversation("a", "b", system=" "), "empty"),
        (conversation("a", "b", "c", None), "empty"),
        ("x", None),
        (" \ufeff", "empty"),
    ],
)
def test_a_message_without_a_visible_character_is_empty(tmp_path, sample, reason):
    assert decide_one(tmp_path, Empty(), sample) == (reason, None)
