import pytest
from rich.cells import cell_len

from belle.data_card.markdown import BAR, bar, escaped, fenced, share, table_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("too_long", "too_long"),
        ("_a_ __b__", r"\_a\_ \_\_b\_\_"),
        ("a*b|c", r"a\*b\|c"),
        ("<b>&amp;", r"\<b\>\&amp;"),
        ("`x` [y](z) $k$ # ~", r"\`x\` \[y\](z) \$k\$ \# \~"),
        ("two\nlines\x1b", r"two lines\\u001b"),
    ],
)
def test_markdown_shows_text_as_it_is(text, shown):
    assert escaped(text) == shown


def test_a_block_ends_where_the_text_ends_whatever_backticks_it_holds():
    assert fenced("a\n```\nb") == ["````text", "a", "```", "b", "````"]
    assert fenced("plain")[0] == "```text"


def test_tables_are_padded_by_columns_of_the_terminal_and_numbers_stand_right():
    lines = table_lines(("名字", "rows", ""), [("数学", "1,000", "█"), ("a|b", "5", "")])
    assert len({cell_len(line) for line in lines}) == 1
    assert lines == [
        "| 名字 |  rows |     |",
        "| ---- | ----: | --- |",
        "| 数学 | 1,000 | █   |",
        r"| a\|b |     5 |     |",
    ]


def test_bars_and_shares():
    assert bar(1) == "█" * BAR
    assert bar(0.5) == "█" * (BAR // 2)
    assert bar(1e-9) == "▏"
    assert bar(0) == ""
    assert share(1, 3) == "33.3 %"
    assert share(1, 100_000) == "0.001 %"
    assert share(0, 0) == "0.0 %"
