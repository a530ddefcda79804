import pytest

from belle.compare.document import Table, markdown, print_blocks

TABLE = Table("Two", ["", "score"], [["a | b", "0.5"], ["第一", "-0.1 "]])


def test_markdown():
    assert markdown(["A sentence.", TABLE]) == (
        "A sentence.\n\n**Two**\n\n|  | score |\n| --- | ---: |\n| a \\| b | 0.5 |\n| 第一 | -0.1 |\n"
    )


@pytest.mark.parametrize("width", [40, 80])
def test_numbers_are_never_cut(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    long = Table("Long", ["name", "interval", "other"], [["experiment-" * 4, "-0.100 to 0.200", "12345678"]])
    print_blocks(["word " * 30, long])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert "-0.100 to 0.200" in out
    assert "…" not in out
    assert out.replace("\n", "").replace(" ", "").count("experiment") == 4 or width == 40


def test_markup_of_names_is_text(capsys):
    print_blocks(["[red]name[/red]", Table("[b]", ["[i]"], [["[u]"]])])
    assert capsys.readouterr().out == "[red]name[/red]\n\n[b]\n[i]\n[u]\n"
