import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from belle.data.printable import printable
from belle.data_card.contamination import Contamination, Match
from belle.data_card.describe import write_card
from belle.errors import UserError
from belle.files import write_json
from clean_tables import dropped_row, write_clean
from factories import conversation_row, text_row

SOURCE = Path(__file__).resolve().parents[2] / "src"
LICENSES = {
    "data/test": {"license": "gpl-3.0 (research only)", "homepage": "https://example.org/a_b"},
    "data/other": {"license": "private", "homepage": None},
    "model/mini": {"license": "MIT", "homepage": None},
}
CONTAMINATION = Contamination(1000, {"q3": Match(2, 0.91234, "near"), "q1": Match(1, 1.0, "exact")}, is_searched=True)
HOSTILE = "user: ```\n# 标题 <script>\x1b[31m\n\nassistant: |a|b|"


@pytest.fixture
def inputs(tmp_path) -> Path:
    """data/clean and licenses.json with a bit of everything."""
    conversations = [
        conversation_row(f"test-{number}", "写一首诗", "春眠不觉晓", category="generation") for number in range(5)
    ]
    conversations.append(
        conversation_row("other-1", "Translate this", "ok", "again", "ok", source="other", language="en")
    )
    dropped = [
        dropped_row("test-10", "duplicate", match="test-3", similarity=0.912),
        dropped_row("test-11", "too_long", "user: " + "长" * 5000, detail="5,000 characters"),
        dropped_row("test-12", "malformed", HOSTILE, category="generation"),
        dropped_row("text-1", "duplicate", "春眠", table="texts", match="text-0"),
    ]
    write_clean(tmp_path / "clean", conversations, dropped, [text_row("text-0", "春眠")], unreadable=2)
    write_json(tmp_path / "licenses.json", LICENSES)
    return tmp_path


@pytest.fixture
def card(inputs) -> tuple[dict, str]:
    """The numbers and the page."""
    write_card(inputs / "raw", inputs / "clean", inputs / "licenses.json", CONTAMINATION, inputs)
    return json.loads((inputs / "card.json").read_text()), (inputs / "card.md").read_text()


def test_the_numbers(card):
    numbers, _ = card
    conversations = numbers["conversations"]
    assert (conversations["in"], conversations["kept"]) == (11, 6)
    assert list(conversations["dropped"].items()) == [
        ("unreadable", 2), ("malformed", 1), ("too_long", 1), ("contaminated", 0), ("duplicate", 1),
    ]  # fmt: skip
    assert conversations["by_source"]["other"] == {
        "in": 1, "kept": 1, "dropped": dict.fromkeys(conversations["dropped"], 0),
    }  # fmt: skip
    assert conversations["kept_rows"] == [
        {"source": "other", "language": "en", "category": None, "turns": 2, "rows": 1},
        {"source": "test", "language": "zh", "category": "generation", "turns": 1, "rows": 5},
    ]
    assert conversations["dropped_rows"] == [
        {"source": "test", "language": "zh", "category": None, "rows": 2},
        {"source": "test", "language": "zh", "category": "generation", "rows": 1},
    ]
    answers = conversations["lengths"]["answer"]
    assert answers["quantiles"]["0.5"] == answers["quantiles_by_source"]["test"]["1"] == 5
    assert answers["quantiles_by_source"]["other"]["1"] == 2
    assert conversations["words"]["zh"]["verbs"] == {"写": 5}
    assert len(numbers["licenses"]["conflicts"]) == 2


def test_the_page_has_the_funnel_and_the_licenses(card):
    _, page = card
    assert "Cleaning kept 6 of 11 conversations (54.5 %) and 1 of 2 texts (50.0 %)" in page
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")]
    assert [row[:3] for row in rows if row[0] in ("rows in", "unreadable", "malformed", "too_long", "duplicate")] == [
        ["rows in", "", "11"], ["unreadable", "2", "9"], ["malformed", "1", "8"], ["too_long", "1", "7"],
        ["duplicate", "1", "6"], ["rows in", "", "2"], ["duplicate", "1", "1"],
    ]  # fmt: skip
    assert "Removed nothing, or switched off: contaminated." in page
    assert "- test: gpl-3.0 allows no further terms, but the source adds: no commercial use" in page
    assert "- test asks that the mixture be gpl-3.0 without further terms; other adds: not passed on" in page


def test_what_is_left_of_the_evaluation_set_is_named(card, inputs):
    numbers, page = card
    assert numbers["contamination"] == {"questions": 1000, "contaminated": 2, "searched": True}
    assert "2 of 1,000 evaluation questions are still in the kept rows" in page
    assert (inputs / "contaminated.tsv").read_text() == (
        "question\trows\tsimilarity\treason\nq3\t2\t0.9123\tnear\nq1\t1\t1.0000\texact\n"
    )


def test_where_cleaning_looked_as_closely_the_card_says_so(inputs):
    none = Contamination(1000, {}, is_searched=False)
    write_card(inputs / "raw", inputs / "clean", inputs / "licenses.json", none, inputs)
    assert "None of the 1,000 evaluation questions is left" in (inputs / "card.md").read_text()
    assert (inputs / "contaminated.tsv").read_text() == "question\trows\tsimilarity\treason\n"


def test_removed_rows_are_shown_with_what_they_match_and_what_the_filter_saw(card):
    _, page = card
    assert "**dropped: unreadable**\n\na.json, row 1, no output\n" in page
    assert "test-10, matches test-3, similarity 0.912" in page
    assert "test-11, 5,000 characters" in page
    assert "… (4,706 more characters)" in page


def test_text_of_a_row_is_never_markdown_nor_a_terminal_command(card):
    _, page = card
    assert "\x1b" not in page
    start = page.index("````text\nuser: ```\n")
    assert page[start:].split("\n")[:6] == [
        "````text",
        "user: ```",
        r"# 标题 <script>\u001b[31m",
        "",
        "assistant: |a|b|",
        "````",
    ]


def test_the_page_is_markdown_of_headings_tables_lists_and_blocks(card):
    _, page = card
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds == {
        "heading", "paragraph", "inline", "table", "thead", "tbody", "tr", "th", "td", "fence", "bullet_list",
        "list_item",
    }  # fmt: skip
    blocks = [token.content for token in tokens if token.type == "fence"]
    assert blocks.count(printable(HOSTILE) + "\n") == 1
    # no row of a table came out as a paragraph
    texts = [child.content for token in tokens if token.children for child in token.children]
    assert not [text for text in texts if text.startswith("|")]


@pytest.mark.parametrize("name", ["clean/counts.json", "clean/dropped.parquet", "clean/texts.parquet", "licenses.json"])
def test_a_missing_input_is_an_error_that_names_it(inputs, name):
    (inputs / name).unlink()
    with pytest.raises(UserError, match=f"{name}: no such file; run `dvc repro"):
        write_card(inputs / "raw", inputs / "clean", inputs / "licenses.json", CONTAMINATION, inputs)


def test_no_texts_no_section(tmp_path):
    write_clean(tmp_path / "clean", [conversation_row("a-1", "问", "答")])
    write_json(tmp_path / "licenses.json", {})
    write_card(tmp_path / "raw", tmp_path / "clean", tmp_path / "licenses.json", CONTAMINATION, tmp_path)
    assert "## Texts" not in (tmp_path / "card.md").read_text()


@pytest.mark.slow
def test_the_same_bytes_for_every_hash_seed(inputs):
    code = (
        "from pathlib import Path; from belle.data_card.describe import write_card\n"
        "from belle.data_card.contamination import Contamination\n"
        "write_card(Path('raw'), Path('clean'), Path('licenses.json'), Contamination(1, {}, True), Path())"
    )
    written = set()
    for seed in ("1", "2"):
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": f"{SOURCE}:{os.environ.get('PYTHONPATH', '')}",
        }
        subprocess.run([sys.executable, "-c", code], cwd=inputs, env=environment, check=True, capture_output=True)
        written.add((inputs / "card.md").read_bytes() + (inputs / "card.json").read_bytes())
    assert len(written) == 1
