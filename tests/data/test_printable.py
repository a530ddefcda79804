import pytest

from belle.data.printable import cut, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("你好\n\tworld 👩‍👧", "你好\n\tworld 👩‍👧"),
        ("\x1b[31mred", r"\u001b[31mred"),
        ("a\rb\x07", r"a\u000db\u0007"),
        ("‮evil", r"\u202eevil"),
        ("\x9b1m", r"\u009b1m"),
        ("zero​width\ufeff", r"zero\u200bwidth\ufeff"),
    ],
)
def test_what_a_terminal_would_act_on_is_shown_as_its_code(text, shown):
    assert printable(text) == shown


def test_a_long_text_says_how_much_is_left_out():
    assert cut("一" * 10, 10) == "一" * 10
    assert cut("一" * 1300, 100) == "一" * 100 + "… (1,200 more characters)"


def test_a_letter_keeps_its_accent():
    assert cut("abe\u0301c", 3) == "ab… (3 more characters)"
