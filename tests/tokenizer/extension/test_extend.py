"""An extended checkpoint: its tokenizer, its rows, and what may not change."""

import json
import re
import shutil

import pytest
import sentencepiece
import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer

from belle.checkpoints.models import load_model
from belle.data.tables import TEXT_SCHEMA, write_table
from belle.errors import UserError
from belle.tokenizer.extension.extend import extend_vocabulary
from belle.tokenizer.extension.han import is_run
from belle.tokenizer.extension.measure import FULL_WIDTH
from belle.tokenizer.load import read_tokenizer
from belle.tokenizer.plain_text import ids_of
from factories import contents, text_row

from .conftest import NEW, OTHER_TEXTS, params

KINDS = ["byte-level", "sentencepiece"]
MIXED = ["价格是 3.14 元，共 2026 件。", "第10章 add(a, b) 求和", "今年2019年，我们", " 开头空格", "龘生僻字𠮷野家"]


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    return request.param


@pytest.fixture
def tokenizers(kind, base, extended):
    return read_tokenizer(base(kind)), read_tokenizer(extended(kind)[0])


def test_old_tokens_keep_their_ids_and_new_ones_follow(tokenizers):
    old, new = (tokenizer.get_vocab() for tokenizer in tokenizers)
    assert old.items() <= new.items()
    first = max(old.values()) + 1
    assert sorted(new[token] for token in new.keys() - old.keys()) == list(range(first, first + NEW))


def test_text_without_chinese_characters_keeps_its_ids(tokenizers, corpus):
    """English, numbers, full-width punctuation, other scripts, emoji."""
    old, new = tokenizers
    words = sorted({word for text in corpus for word in re.split(r"[\u4e00-\u9fff]+", text) if word})
    assert len(words) > 300
    for text in OTHER_TEXTS + words + [*FULL_WIDTH]:
        plain = re.sub(r"[\u4e00-\u9fff]+", " ", text)
        assert ids_of(new, [plain]) == ids_of(old, [plain]), plain


def test_beside_chinese_characters_the_other_tokens_are_those_of_before(tokenizers):
    old, new = tokenizers
    for text in MIXED + OTHER_TEXTS:
        (before,), (after,) = ids_of(old, [text]), ids_of(new, [text])
        assert new.decode(after) == old.decode(before)
        assert words_and_numbers(new, after) == words_and_numbers(old, before)


def words_and_numbers(tokenizer, ids: list[int]) -> list[str]:
    """The tokens with an ASCII letter or digit; bytes of Chinese characters are none."""
    tokens = tokenizer.convert_ids_to_tokens(ids)
    return [token for token in tokens if re.search("[A-Za-z0-9]", token) and not re.fullmatch("<0x..>", token)]


def test_full_width_punctuation_is_not_folded(tokenizers):
    _, new = tokenizers
    text = "你好，世界！（１２３）：“ＡＢ”；？"
    assert new.decode(ids_of(new, [text])[0]).strip() == text


def test_digits_stay_single(tokenizers):
    _, new = tokenizers
    tokens = [new.decode([index]).strip() for index in ids_of(new, ["2019年1月10日，共20000元"])[0]]
    assert [token for token in tokens if re.search(r"\d", token)] == [*"201911020000"]


def test_new_tokens_are_chinese_and_each_can_be_used(tokenizers):
    old, new = tokenizers
    added = [new.decode([index]) for token, index in new.get_vocab().items() if token not in old.get_vocab()]
    words = [text for text in added if is_run(text)]
    # the others are the first bytes of characters
    assert len(words) > 600 and all(set(text) <= {"\ufffd"} for text in added if text not in words)
    assert max(map(len, words)) <= 6
    assert sum(len(ids_of(new, [word])[0]) <= 2 for word in words) == len(words)


def test_lines_become_shorter_and_the_counts_say_so(kind, extended, tokenizers):
    _, counts = extended(kind)
    assert counts["new_tokens"] == NEW
    assert counts["vocabulary"] == len(tokenizers[1])
    assert counts["rows"] % 64 == 0 and counts["rows"] >= counts["vocabulary"]
    assert counts["tokens_per_line_after"] < 0.8 * counts["tokens_per_line_before"]
    assert counts["other_parts"] > 50 and counts["other_parts_changed"] == 0
    assert counts["full_width_kept"]


def test_new_rows_begin_as_the_mean_of_the_old_ones_they_replace(kind, base, extended, tokenizers):
    old, new = tokenizers
    before, after = (load_file(folder / "model.safetensors") for folder in (base(kind), extended(kind)[0]))
    matrices = ["model.embed_tokens.weight"] + ["lm_head.weight"] * (kind == "sentencepiece")
    assert {name for name in after if before[name].shape != after[name].shape} == set(matrices)
    compared = 0
    for name in matrices:
        count = len(old)
        assert torch.equal(before[name][:count], after[name][:count])
        for index in range(count, len(new)):
            text = new.decode([index])
            if len(text) == 1 and is_run(text):
                parts = [one for one in ids_of(old, [text])[0] if old.decode([one]) != ""]
                torch.testing.assert_close(after[name][index], before[name][parts].mean(dim=0))
                compared += 1
        torch.testing.assert_close(
            after[name][len(new) :], before[name][:count].mean(dim=0).expand_as(after[name][len(new) :])
        )
    assert compared > 50


def test_untouched_weights_and_configuration(kind, base, extended):
    before, after = (load_file(folder / "model.safetensors") for folder in (base(kind), extended(kind)[0]))
    assert all(torch.equal(before[name], after[name]) for name in before if before[name].shape == after[name].shape)
    config = json.loads((extended(kind)[0] / "config.json").read_text())
    assert config["vocab_size"] == extended(kind)[1]["rows"]
    load_model(extended(kind)[0])


def test_the_tokenizer_keeps_its_template_and_special_tokens(tokenizers):
    old, new = tokenizers
    assert new.chat_template == old.chat_template
    assert new.special_tokens_map == old.special_tokens_map
    for token in old.all_special_tokens:
        assert new(f"a{token}", add_special_tokens=False)["input_ids"][-1] == old.convert_tokens_to_ids(token)


def test_tokenizer_json_is_in_the_form_that_transformers_4_reads(kind, extended):
    folder = extended(kind)[0]
    description = json.loads((folder / "tokenizer.json").read_text())
    assert all(isinstance(merge, str) for merge in description["model"]["merges"])
    assert json.loads((folder / "tokenizer_config.json").read_text())["tokenizer_class"] == "PreTrainedTokenizerFast"
    assert type(AutoTokenizer.from_pretrained(folder)).__name__ == "TokenizersBackend"


def test_sentencepiece_splits_as_tokenizer_json_does(extended, corpus):
    folder = extended("sentencepiece")[0]
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    tokenizer = read_tokenizer(folder)
    assert processor.get_piece_size() == len(tokenizer)
    assert processor.is_control(520) and processor.id_to_piece(520) == "<|user|>"
    texts = [text for text in corpus + MIXED + OTHER_TEXTS[:-1] if not text.startswith(" ")]
    assert [text for text in texts if processor.encode(text) != ids_of(tokenizer, [text])[0]] == []


def test_a_sentencepiece_model_of_another_tokenizer_is_refused(base, texts, tmp_path):
    other, out = tmp_path / "other", tmp_path / "out"
    shutil.copytree(base("byte-level"), other)
    shutil.copy(base("sentencepiece") / "tokenizer.model", other)
    out.mkdir()
    with pytest.raises(UserError, match=r"tokenizer\.model: .* not of one tokenizer"):
        extend_vocabulary(other, texts, params(), out)


def test_only_a_base_with_a_sentencepiece_model_has_one(extended):
    assert (extended("sentencepiece")[0] / "tokenizer.model").exists()
    assert not (extended("byte-level")[0] / "tokenizer.model").exists()


def test_the_same_bytes_each_time(kind, base, extended, texts, tmp_path):
    counts = extend_vocabulary(base(kind), texts, params(), tmp_path)
    folder, first = extended(kind)
    assert counts == first
    assert contents(tmp_path) == contents(folder)


def test_of_many_texts_a_share_is_learned_from(kind, base, extended, texts, tmp_path, monkeypatch):
    whole = extended(kind)[1]
    monkeypatch.setattr("belle.tokenizer.extension.learn.MOST_CHARACTERS", 10_000)
    counts = extend_vocabulary(base(kind), texts, params(), tmp_path)
    assert whole["share_learned_from"] == 1 and 0 < counts["share_learned_from"] < 0.9
    assert counts["new_tokens"] == NEW
    assert counts["tokens_per_line_after"] < 1.1 * whole["tokens_per_line_after"]


def test_too_many_tokens_are_refused_with_what_the_texts_give(kind, base, texts, tmp_path):
    with pytest.raises(UserError, match=r"extend_vocab\.new_tokens: 60000; the texts give (\d+); lower") as error:
        extend_vocabulary(base(kind), texts, params(new_tokens=60000), tmp_path)
    most = int(re.search(r"give (\d+)", str(error.value))[1])
    (tmp_path / "most").mkdir()
    assert extend_vocabulary(base(kind), texts, params(new_tokens=most), tmp_path / "most")["new_tokens"] == most
    (tmp_path / "more").mkdir()
    with pytest.raises(UserError, match=f"give {most};"):
        extend_vocabulary(base(kind), texts, params(new_tokens=most + 1), tmp_path / "more")


def test_fewer_tokens_than_characters_are_refused(kind, base, texts, tmp_path):
    with pytest.raises(UserError, match=r"new_tokens: 5; .* alone need \d+; raise it"):
        extend_vocabulary(base(kind), texts, params(new_tokens=5), tmp_path)


@pytest.mark.parametrize("count", [0, 1])
def test_without_texts_nothing_can_be_learned(count, base, tmp_path):
    write_table(tmp_path / "texts.parquet", [text_row("x", "你好")] * count, TEXT_SCHEMA)
    (tmp_path / "out").mkdir()
    with pytest.raises(UserError, match=rf"texts\.parquet: {count} texts"):
        extend_vocabulary(base("byte-level"), tmp_path / "texts.parquet", params(), tmp_path / "out")
