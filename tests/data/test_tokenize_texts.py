import numpy as np
import pytest

from belle.data.held_out import held_out
from belle.data.mixture import read_texts
from belle.data.packed_dataset import PackedDataset
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.data.tokenize_texts import EVAL_FRACTION, batches, split_text, tokenize_texts
from factories import contents, pretrain_params, text_row

PARAMS = pretrain_params(max_length=32)
TEXTS = [text_row(f"x-{number}", f"第{number}个苹果是红色的。<|endoftext|>" * (number % 7)) for number in range(2300)]


@pytest.mark.parametrize(
    ("length", "segments"), [(0, []), (3, [[0, 1, 2]]), (4, [[0, 1, 2, 3]]), (6, [[0, 1, 2, 3], [4, 5]])]
)
def test_a_long_text_is_cut_into_segments(length, segments):
    assert [segment.tolist() for segment in split_text(np.arange(length), 4)] == segments


def test_batches_are_bounded_by_texts_and_characters():
    texts = [("train", 0, "字" * length) for length in (1, 1, 1, 9, 1)]
    assert [[len(text) for _, _, text in batch] for batch in batches(iter(texts), 2, 8)] == [[1, 1], [1, 9], [1]]


@pytest.fixture
def texts(tmp_path):
    write_table(tmp_path / "texts.parquet", TEXTS, TEXT_SCHEMA)
    return tmp_path / "texts.parquet"


def test_ids_are_those_of_each_text_alone_and_each_ends(texts, tokenizer_of, tmp_path):
    tokenizer = tokenizer_of("belle")
    (tmp_path / "out").mkdir()
    tokenize_texts(texts, tokenizer, PARAMS, 5, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"train", "eval"}
    chosen = held_out(read_texts(texts).rows["digest"], EVAL_FRACTION)
    for split in ("train", "eval"):
        packed = PackedDataset(tmp_path / "out" / split)
        found = [(row, *packed.ids[start:end]) for row, start, end in segments(packed)]
        expected = []
        for number, row in enumerate(TEXTS):
            if chosen[number] == (split == "eval"):
                ids = tokenizer(row["text"], add_special_tokens=False, split_special_tokens=True)["input_ids"]
                expected += [(number, *part) for part in split_text(np.array([*ids, tokenizer.eos_token_id]), 32)]
        assert sorted(found) == sorted(expected)
        assert packed.loss_mask.all()


def segments(packed: PackedDataset) -> zip:
    return zip(packed.rows, packed.segments[:-1], packed.segments[1:], strict=True)


def test_the_bytes_are_the_same_each_time(texts, tokenizer_of, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        tokenize_texts(texts, tokenizer_of("belle"), PARAMS, 5, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
