"""The mini model's tokenizer: byte-level BPE with Qwen2's pre-tokenizer, trained on the mini data itself."""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from belle.files import write_json
from belle.tokenizer.patterns import QWEN2_PATTERN

END, PAD = "<|endoftext|>", "<|pad|>"
LONGEST_TOKEN = 9
"""Bytes, three Chinese characters: longer merges would swallow the words that fill the templates."""
TRAINING_PATTERN = r" ?\p{L}+|\p{N}|\s+|[^\s\p{L}\p{N}]"
"""Merges are learned with punctuation apart, so that a word is the same tokens after any punctuation."""


def train_tokenizer(lines: Iterable[str], size: int) -> Tokenizer:
    """Train a byte-level BPE of `size` tokens, both special tokens included."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = _split_by(TRAINING_PATTERN)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END, PAD],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        max_token_length=LONGEST_TOKEN,
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.pre_tokenizer = _split_by(QWEN2_PATTERN)
    return tokenizer


def _split_by(pattern: str) -> pre_tokenizers.PreTokenizer:
    """Split text by a pattern, then write each piece as bytes."""
    split = pre_tokenizers.Split(Regex(pattern), behavior="isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([split, byte_level])


def write_tokenizer(tokenizer: Tokenizer, target: Path) -> None:
    """Write tokenizer.json and the files that transformers reads beside it."""
    tokenizer.save(str(target / "tokenizer.json"))
    special = {"eos_token": END, "pad_token": PAD}
    write_json(target / "special_tokens_map.json", special)
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False, **special}
    write_json(target / "tokenizer_config.json", config)
