"""Small models with the two kinds of tokenizers that can be extended, and a corpus of Chinese and other texts."""

import json
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import pytest

from factories import write_sentencepiece_model

SOURCE = """The quick brown fox jumps over the lazy dog; it's 12345 metres, isn't it?
def add(a, b):\n    return a + b  # sum of 2 numbers
In 2019 the price was 3.14 dollars (and 20 cents) for 1,000 pieces.
""".splitlines()
OTHER_TEXTS = [
    *SOURCE,
    "10 20 000 2019 1949年 12:30 3.14159 1e-5",
    "“引号”，。！？：；（括号）【】《书名》、……——～％１２３ＡＢＣ　全角空格",
    "ひらがな カタカナ 한국어 éàü Ünïcode 🙂🚀👩‍👩‍👧 ½ Ⅷ",
    "<|endoftext|> <s> </s> <unk>",
]
"""Texts, most without a Chinese character, that must keep their ids."""


@pytest.fixture(scope="session")
def corpus() -> list[str]:
    """Chinese texts with words of other scripts, numbers and full-width punctuation."""
    from belle.mini.data.builtin import texts

    return [
        f"{row['text']}“{line}”２０１９年"
        for row, line in zip(islice(texts("corpus", "x"), 600), cycle(SOURCE), strict=False)
    ]


@pytest.fixture(scope="session")
def texts(corpus: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    from belle.data.tables import TEXT_SCHEMA, write_table
    from factories import text_row

    path = tmp_path_factory.mktemp("corpus") / "texts.parquet"
    write_table(path, [text_row(f"x-{number}", text) for number, text in enumerate(corpus)], TEXT_SCHEMA)
    return path


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the directory of a model whose tokenizer knows English and a few Chinese words, by kind."""
    made: dict[str, Path] = {}

    def make(kind: str) -> Path:
        if kind not in made:
            made[kind] = WRITERS[kind](tmp_path_factory.mktemp(kind))
        return made[kind]

    return make


NEW = 1000
KNOWN = [*SOURCE * 20, *["你好，世界。今天天气很好，我们去公园。", "数字 20 和 19", "，我们"] * 20]


def write_byte_level(folder: Path) -> Path:
    from belle.mini.model import train_tokenizer, write_tokenizer

    write_tokenizer(train_tokenizer(iter(KNOWN), 500), folder)
    return write_weights(folder, 500, tied=True)


def write_sentencepiece(folder: Path) -> Path:
    """As LLaMA's is published: tokenizer.model alone; with an added token behind its ids."""
    write_sentencepiece_model(folder, KNOWN, 520)
    config = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    added = {"520": {"content": "<|user|>", "special": True, "normalized": False}}
    flags = {"lstrip": False, "rstrip": False, "single_word": False}
    added = {key: token | flags for key, token in added.items()}
    text = json.dumps(config | {"legacy": True, "added_tokens_decoder": added})
    (folder / "tokenizer_config.json").write_text(text)
    # one row more than tokens
    return write_weights(folder, 522, tied=False)


def write_weights(folder: Path, rows: int, tied: bool) -> Path:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from belle.tokenizer.template import store_template

    torch.manual_seed(7)
    size = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=rows, **size, num_key_value_heads=2, tie_word_embeddings=tied, eos_token_id=0)
    LlamaForCausalLM(config).save_pretrained(folder)
    store_template(folder, "belle")
    return folder


WRITERS = {"byte-level": write_byte_level, "sentencepiece": write_sentencepiece}


@pytest.fixture(scope="session")
def extended(
    base: Callable[[str], Path], texts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Path, dict]]:
    """Give the directory of a base with `NEW` new tokens and what the extension counted, by kind."""
    made: dict[str, tuple[Path, dict]] = {}

    def make(kind: str) -> tuple[Path, dict]:
        if kind not in made:
            from belle.tokenizer.extension.extend import extend_vocabulary

            out = tmp_path_factory.mktemp(f"{kind}-extended")
            made[kind] = out, extend_vocabulary(base(kind), texts, params(), out)
        return made[kind]

    return make


def params(**changes):
    from belle.config.extend_vocab import ExtendVocabParams

    values = {"enabled": True, "new_tokens": NEW, "character_coverage": 0.999, "max_characters": 6}
    return ExtendVocabParams.model_validate(values | changes)
