"""The BPE vocabulary of a tokenizer.json: byte-level (GPT-2's, Qwen's, BLOOM's) or SentencePiece's (LLaMA's)."""

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from belle.errors import UserError
from belle.files import read_json_object

Merge = tuple[str, str]
CONTINUED_TOKENS = ("continuing_subword_prefix", "end_of_word_suffix")


class Vocabulary:
    """Tokens and merges of a BPE tokenizer, in the spelling of its tokenizer.json.

    Attributes:
        is_byte_level: a token is spelled by bytes; else by characters, and bytes stand for characters it has not.
        ids: token to id, added tokens (special ones and others) too.
        merges: pairs in the order in which they apply.

    Args:
        description: the content of a tokenizer.json.
        name: what an error calls it.

    Raises:
        UserError: not BPE, or a BPE that is neither byte-level nor SentencePiece's with byte fallback.
    """

    def __init__(self, description: dict[str, Any], name: str) -> None:
        model = description["model"]
        if model["type"] != "BPE":
            raise UserError(
                f"{name}: a tokenizer of type {model['type']}; extend_vocab knows BPE alone (byte-level, or "
                "SentencePiece with byte fallback); set extend_vocab.enabled to false"
            )
        self.is_byte_level = _has_bytes(description["pre_tokenizer"])
        has_fallback = bool(model.get("byte_fallback"))
        if any(model.get(key) for key in ("dropout", *CONTINUED_TOKENS)) or self.is_byte_level == has_fallback:
            raise UserError(
                f"{name}: a BPE that is neither byte-level nor SentencePiece's with byte fallback, which are all that "
                "extend_vocab knows; set extend_vocab.enabled to false"
            )
        self.description, self.name = description, name
        added = {token["content"]: token["id"] for token in description["added_tokens"]}
        self.ids: dict[str, int] = model["vocab"] | added
        merges = model["merges"]
        self.merges: list[Merge] = [tuple(one.split(" ") if isinstance(one, str) else one) for one in merges]

    @property
    def next_id(self) -> int:
        """The smallest id behind all others."""
        return max(self.ids.values()) + 1

    def bare(self) -> Tokenizer:
        """Return a tokenizer of the merges alone, for runs of Chinese characters: no normalizer, no added tokens."""
        unknown, fallback = self.description["model"].get("unk_token"), not self.is_byte_level
        tokenizer = Tokenizer(models.BPE(self.ids, self.merges, unk_token=unknown, byte_fallback=fallback))
        if self.is_byte_level:
            tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        return tokenizer

    def text_of(self, token: str) -> str:
        """Return the text of a token; bytes that are no whole character become U+FFFD."""
        return decoders.ByteLevel().decode([token]) if self.is_byte_level else token

    def refuse_cut_runs(self) -> None:
        """Raise UserError when the pre-tokenizer cuts a run of Chinese characters: no new token could be used."""
        whole = Tokenizer.from_str(json.dumps(self.description)).pre_tokenizer
        if whole is not None and len(whole.pre_tokenize_str("汉字")) > 1:
            raise UserError(
                f"{self.name}: its pre-tokenizer splits between Chinese characters, so no token can hold two; "
                "set extend_vocab.enabled to false"
            )


def read_vocabulary(tokenizer_json: Path, name: str) -> Vocabulary:
    """Read a tokenizer.json; `name` is what errors call it.

    Raises:
        UserError: broken, or of a kind that cannot be extended.
    """
    vocabulary = Vocabulary(read_json_object(tokenizer_json, "get the model again", name), name)
    vocabulary.refuse_cut_runs()
    return vocabulary


def _has_bytes(pre_tokenizer: dict[str, Any] | None) -> bool:
    steps = (pre_tokenizer or {}).get("pretokenizers", [pre_tokenizer])
    return any(step is not None and step["type"] == "ByteLevel" for step in steps)
