"""Byte-level BPE in GGUF: which of llama.cpp's pre-tokenizers a tokenizer's own pre-tokenizer is."""

import sys
from typing import Any

import gguf

from belle.errors import UserError
from belle.tokenizer.patterns import BLOOM_PATTERN, LLAMA3_PATTERN, QWEN2_PATTERN

GPT2_PATTERN = None
"""No Split step: ByteLevel's own pattern."""

PRE_TOKENIZERS = {
    (GPT2_PATTERN, False): "gpt-2",
    (QWEN2_PATTERN, False): "qwen2",
    (BLOOM_PATTERN, False): "bloom",
    (LLAMA3_PATTERN, False): "dbrx",
    (LLAMA3_PATTERN, True): "llama-bpe",
}
"""(pattern, ignore_merges) to `tokenizer.ggml.pre`; llama.cpp has the same patterns in llama-vocab.cpp."""


def add_byte_level(writer: gguf.GGUFWriter, description: dict[str, Any], _tokens: list[str]) -> None:
    """Add model, pre-tokenizer and merges of a byte-level BPE (`description`: tokenizer.json).

    Raises:
        UserError: a normalizer or pre-tokenizer llama.cpp has not; it is never guessed.
    """
    model = description["model"]
    if model["continuing_subword_prefix"] or model["end_of_word_suffix"]:
        raise UserError("tokenizer.json: model: subword prefixes and suffixes are not byte-level BPE")
    _check_normalizer(description["normalizer"])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre_tokenizer_name(description["pre_tokenizer"], model["ignore_merges"]))
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])


def pre_tokenizer_name(pre_tokenizer: dict[str, Any] | None, ignore_merges: bool) -> str:
    """Return `tokenizer.ggml.pre` for the `pre_tokenizer` of a tokenizer.json.

    Raises:
        UserError: llama.cpp has no such pre-tokenizer, or we do not know it.
    """
    steps = (pre_tokenizer or {}).get("pretokenizers", [pre_tokenizer])
    name = PRE_TOKENIZERS.get((_pattern(steps), ignore_merges)) if _is_split_then_bytes(steps) else None
    if name is None:
        raise UserError(
            f"tokenizer.json: pre_tokenizer (ignore_merges {ignore_merges}): none of those known in "
            f"llama.cpp ({', '.join(PRE_TOKENIZERS.values())}): {pre_tokenizer}; evaluate this model without GGUF"
        )
    return name


def _is_split_then_bytes(steps: list[dict[str, Any] | None]) -> bool:
    *splits, last = steps
    if last is None or last["type"] != "ByteLevel" or last["add_prefix_space"]:
        return False
    if not splits:
        return last["use_regex"]
    split = splits[0] or {"type": None}
    isolated = split["type"] == "Split" and split["behavior"] == "Isolated" and not split["invert"]
    return len(splits) == 1 and isolated and not last["use_regex"]


def _pattern(steps: list[dict[str, Any]]) -> str | None:
    return steps[0]["pattern"].get("Regex", "") if len(steps) > 1 else GPT2_PATTERN


def _check_normalizer(normalizer: dict[str, Any] | None) -> None:
    if normalizer is None:
        return
    if normalizer["type"] != "NFC":
        raise UserError(f"tokenizer.json: normalizer {normalizer['type']!r}: llama.cpp cannot apply it")
    print(
        "note: the tokenizer normalizes text to NFC, llama.cpp does not: give it NFC text for the same ids",
        file=sys.stderr,
    )
