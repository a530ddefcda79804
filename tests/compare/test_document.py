import pytest

from belle.compare.document import Table, markdown, print_blocks

TABLE = Table("Two", ["", "score"], [["a | b", "0.5"], ["第一", "-0.1 "]])


def test_markdown():
    assert markdown(["A sentence.", TABLE]) == (
        "A sentence.\n\n**Two**\n\n|  | score |\n| --- | ---: |\n| a \\| b | 0.5 |\n| 第一 | -0.1 |\n"
    )


def test_a_sentence_is_one_line_in_a_file(capsys):
    print_blocks(["word " * 60])
    assert capsys.readouterr().out.splitlines() == ["word " * 60]


@pytest.mark.parametrize("width", [40, 80])
def test_texts_are_folded_and_numbers_are_not(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    long = Table("Long", ["name", "interval"], [["experiment-" * 4, "-0.100 to 0.200"]])
    print_blocks([long])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert "-0.100 to 0.200" in out
    assert "…" not in out
    assert "".join(line[: -len("-0.100 to 0.200")].strip() for line in out.splitlines()).count("experiment-") >= 1


def test_a_table_that_is_too_wide_continues_below(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    header = ["category", *(f"{number} - {number}" for number in range(10))]
    print_blocks([Table("Wide", header, [["math", *(f"+0.00{number}" for number in range(10))]])])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 40
    assert [line.split()[1:] for line in lines if line.startswith("math")] == [
        ["+0.000", "+0.001", "+0.002", "+0.003"],
        ["+0.004", "+0.005", "+0.006", "+0.007"],
        ["+0.008", "+0.009"],
    ]


def test_markup_of_names_is_text(capsys):
    print_blocks(["[red]name[/red]", Table("[b]", ["[i]"], [["[u]"]])])
    assert capsys.readouterr().out == "[red]name[/red]\n\n[b]\n[i]\n[u]\n"


def test_an_asterisk_is_no_emphasis_in_markdown():
    text = markdown([Table("Small (* p < 0.05)", ["category"], [["*+0.1"]])])
    assert text.startswith("**Small (\\* p < 0.05)**\n") and "| \\*+0.1 |" in text
