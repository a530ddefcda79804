import numpy as np
import pytest

from belle.data.mixture import Mixture, mix, read_texts
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.errors import UserError
from factories import text_row


@pytest.fixture
def table(tmp_path):
    """Twenty texts of a domain and two hundred others, of 10 and 5 characters."""
    rows = [text_row(f"d-{number}", f"领{number:09}", "domain") for number in range(20)]
    rows += [text_row(f"g-{number}", f"般{number:04}", "general") for number in range(200)]
    write_table(tmp_path / "texts.parquet", rows, TEXT_SCHEMA)
    return tmp_path / "texts.parquet"


def mixed(table, *weights, left_out=0) -> Mixture:
    """Mix the texts without the first ones, so many."""
    texts = read_texts(table)
    return mix(table, texts, np.arange(len(texts.rows)) < left_out, weights)


def taken(table, *weights) -> tuple[int, int]:
    counts = mixed(table, *weights).counts
    return counts["domain"]["texts_taken"], counts["general"]["texts_taken"]


@pytest.mark.parametrize(
    ("weights", "texts"),
    [((1, 0), (20, 0)), ((1, 1), (20, 40)), ((1, 5), (20, 200)), ((1, 10), (10, 200)), ((0, 2), (0, 200)),
     ((0.1, 0.3), (20, 120))],
)  # fmt: skip
def test_characters_are_in_proportion_and_the_scarcest_source_is_taken_whole(table, weights, texts):
    assert taken(table, *weights) == texts


def test_more_weight_adds_texts_and_replaces_none(table):
    few, more = (mixed(table, 1, weight).taken for weight in (1, 2))
    assert not (few & ~more).any() and more.sum() > few.sum()
    # not simply the first ones
    general = np.flatnonzero(few[20:])
    assert general.max() > 100


def test_held_out_texts_are_neither_taken_nor_counted(table):
    mixture = mixed(table, 1, 1, left_out=10)
    assert not mixture.taken[:10].any()
    assert mixture.counts == {
        "domain": {"texts": 10, "texts_taken": 10, "characters": 100, "characters_taken": 100},
        "general": {"texts": 200, "texts_taken": 20, "characters": 1000, "characters_taken": 100},
    }


@pytest.mark.parametrize("weights", [(1,), (1, 2, 3)])
def test_a_source_without_texts_is_an_error(table, weights):
    with pytest.raises(UserError, match=rf"texts\.parquet: .*domain, general; pretrain\.mixture has {len(weights)} "):
        mixed(table, *weights)
    with pytest.raises(UserError, match="sources: general; "):
        mixed(table, 1, 1, left_out=20)
