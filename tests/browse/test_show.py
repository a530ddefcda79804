import pytest
from rich.cells import cell_len

from belle.browse.select import Selection
from belle.browse.show import show_rows


def show(data, capsys, start=0, count=10, **wanted) -> str:
    show_rows(data, Selection(**wanted), start, count)
    return capsys.readouterr().out


def test_kept_rows_as_plain_text_with_each_line_whole(data, capsys):
    lines = show(data, capsys, source="test", count=2).split("\n")
    assert lines[:4] == ["[0] test-1  test · zh · math · 1 turn", "user: 一加一等于几？", "assistant: 2", ""]
    assert lines[5].startswith("user: 改写成被动句") and len(lines[5]) > 80
    assert lines[-2] == "more: --start 2"


def test_dropped_rows_with_why(data, capsys):
    text = show(data, capsys, dropped=True)
    assert "test-10  test · zh  duplicate, matches test-2/own, similarity 0.912\n" in text
    assert "test-12  test · zh  too_long, 5,000 characters\n" in text
    assert "more:" not in text


@pytest.mark.parametrize("on", ["file", "terminal"])
def test_text_of_a_row_is_neither_markup_nor_a_command_to_the_terminal(data, capsys, request, on):
    if on == "terminal":
        request.getfixturevalue("terminal")
    assert r"\u001b[31m[red]x" in show(data, capsys, dropped=True, reason="too_long")
    assert "Say [bold]hi[/bold]" in show(data, capsys, source="other")


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_a_terminal_gets_colors_and_no_line_wider_than_it_is(data, capsys, terminal, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    text = show(data, capsys, source="test", count=2)
    assert "\x1b[1;36muser: \x1b[0m" in text
    monkeypatch.setenv("PAGER", "more")
    plain = show(data, capsys, source="test", count=2)
    assert "\x1b" not in plain
    widths = [cell_len(line.rstrip()) for line in plain.split("\n")]
    assert max(widths) <= columns
    # a Chinese sentence fills its lines
    assert max(widths) > min(columns, 150) - 4


def test_a_long_message_is_cut_unless_one_row_is_asked_for(data, capsys, monkeypatch):
    monkeypatch.setattr("belle.browse.show.CHARACTERS_SHOWN", 5)
    assert "user: 一加一等于… (2 more characters)" in show(data, capsys, category="math")
    assert "一加一等于几？" in show(data, capsys, id="test-1")
