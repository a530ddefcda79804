import csv
import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from belle.data_card.contamination import Contamination
from belle.data_card.describe import write_card
from belle.data_card.plots import GROUPS_SHOWN, write_plot_tables
from belle.files import write_json
from clean_tables import dropped_row, write_clean
from factories import conversation_row, text_row

ROOT = Path(__file__).resolve().parents[2]
PLOTS = {
    path: (plot["template"], {plot["x"], column})
    for entry in YAML(typ="safe").load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["plots"]
    for plot in entry.values()
    for path, column in plot["y"].items()
    if "/data_" in path
}


@pytest.fixture
def tables(tmp_path) -> dict[str, list[dict[str, str]]]:
    """The rows of each table."""
    conversations = [
        conversation_row("a-1", "写诗", "春眠不觉晓", category="math"),
        conversation_row("a-2", "问", "答"),
    ]
    write_clean(tmp_path / "clean", conversations, [dropped_row("a-3", "too_long")], [text_row("t", "文")])
    write_json(tmp_path / "licenses.json", {})
    clean = Contamination(1, {}, is_searched=False)
    write_card(tmp_path / "raw", tmp_path / "clean", tmp_path / "licenses.json", clean, tmp_path)
    write_plot_tables(json.loads((tmp_path / "card.json").read_text()), tmp_path)
    return {
        path.name: list(csv.DictReader(path.read_text().splitlines(), delimiter="\t"))
        for path in tmp_path.glob("data_*.tsv")
    }


def test_the_funnel_leaves_out_reasons_that_removed_nothing(tables):
    assert [tuple(row.values()) for row in tables["data_funnel.tsv"]] == [
        ("conversations", "rows in", "3", "0"), ("conversations", "too_long", "2", "1"), ("texts", "rows in", "1", "0"),
    ]  # fmt: skip


def test_rows_by_source_and_category(tables):
    assert [tuple(row.values()) for row in tables["data_rows.tsv"]] == [("test: math", "1"), ("test: none", "1")]


def test_a_picture_has_no_more_bars_than_one_can_read(tables, tmp_path):
    card = json.loads((tmp_path / "card.json").read_text())
    card["conversations"]["kept_rows"] = [
        {"source": "a", "category": str(number), "rows": number} for number in range(1, GROUPS_SHOWN + 3)
    ]
    write_plot_tables(card, tmp_path)
    lines = (tmp_path / "data_rows.tsv").read_text().splitlines()
    assert len(lines) == 1 + GROUPS_SHOWN + 1
    assert lines[-1] == "2 more\t3"


def test_shares_of_lengths_add_up(tables):
    rows = tables["data_lengths.tsv"]
    parts = {row["part"] for row in rows}
    assert parts == {"question", "answer", "conversation", "text"}
    for part in parts:
        assert sum(float(row["share"]) for row in rows if row["part"] == part) == pytest.approx(1)


def test_the_pictures_use_columns_that_their_tables_have(tables):
    assert {Path(path).name for path in PLOTS} == set(tables)
    for path, (template, columns) in PLOTS.items():
        text = (ROOT / f".dvc/plots/{template}.json").read_text(encoding="utf-8")
        json.loads(text)
        columns |= set(re.findall(r"datum\.(\w+)", text))
        assert columns <= tables[Path(path).name][0].keys()
