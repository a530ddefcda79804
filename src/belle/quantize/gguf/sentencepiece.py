"""SentencePiece BPE with byte fallback (LLaMA's) in GGUF.

llama.cpp merges by the score of the merged token, as SentencePiece does; the fast tokenizer ranks pairs. The
first pair that makes a token gives the token's score, which is the order SentencePiece had.
"""

import sys
from typing import Any

import gguf

from belle.errors import UserError

SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
"""SentencePiece's mark for a space."""
REPLACE_SPACES = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}
PREPEND_SPACE = {"type": "Prepend", "prepend": SPACE}
METASPACE_NOTE = {
    "always": "this tokenizer puts no space before text that begins with one",
    "first": "this tokenizer puts no space before text that begins with one or follows a special token",
}
"""Where Metaspace is not SentencePiece's rule, by its `prepend_scheme`."""


def add_sentencepiece(writer: gguf.GGUFWriter, description: dict[str, Any], tokens: list[str]) -> None:
    """Add model, scores and space prefix of a SentencePiece BPE (`description`: tokenizer.json).

    Raises:
        UserError: not SentencePiece's rules (pre-tokenizer, normalizer, merges, byte tokens).
    """
    missing = [f"<0x{byte:02X}>" for byte in range(256) if f"<0x{byte:02X}>" not in description["model"]["vocab"]]
    if missing:
        raise UserError(f"tokenizer.json: {len(missing)} byte tokens are missing, as {missing[0]}; llama.cpp needs all")
    prefix = space_prefix(description)
    if prefix != "never" and description["pre_tokenizer"]:
        print(f"note: {METASPACE_NOTE[prefix]}: llama.cpp gives such text other ids", file=sys.stderr)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_scores(merge_scores(description, tokens))
    writer.add_add_space_prefix(prefix != "never")


def space_prefix(description: dict[str, Any]) -> str:
    """Return before which texts a space is put: `always`, `first` or `never`.

    Raises:
        UserError: spaces are marked in another way than SentencePiece's.
    """
    normalizer, pre_tokenizer = description["normalizer"], description["pre_tokenizer"]
    if normalizer is None and (pre_tokenizer or {}).get("type") == "Metaspace":
        if pre_tokenizer["replacement"] == SPACE and not pre_tokenizer["split"]:
            return pre_tokenizer["prepend_scheme"]
    elif pre_tokenizer is None and normalizer is not None:
        steps = normalizer.get("normalizers", [normalizer])
        if steps == [PREPEND_SPACE, REPLACE_SPACES]:
            return "always"
        if steps == [REPLACE_SPACES]:
            return "never"
    raise UserError(
        "tokenizer.json: byte fallback with another normalizer or pre_tokenizer than LLaMA's: llama.cpp "
        f"cannot apply them: {normalizer}, {pre_tokenizer}; evaluate this model without GGUF"
    )


def merge_scores(description: dict[str, Any], tokens: list[str]) -> list[float]:
    """Return every token's score: minus the rank of the first pair that makes it; the lowest for the rest.

    Raises:
        UserError: a pair of tokens whose union is a token is no merge, so scores cannot stand for the merges.
    """
    ranks: dict[tuple[str, str], int] = {tuple(pair): rank for rank, pair in enumerate(description["model"]["merges"])}
    first: dict[str, int] = {}
    for (left, right), rank in ranks.items():
        first.setdefault(left + right, rank)
    _check_splits(ranks, first, description)
    _note_interleaved(ranks, first)
    return [-float(first.get(token, len(ranks))) for token in tokens]


def _check_splits(ranks: dict[tuple[str, str], int], first: dict[str, int], description: dict[str, Any]) -> None:
    """Refuse merges that do not list every pair: llama.cpp joins any two tokens whose union is a token."""
    special = {token["content"] for token in description["added_tokens"]}
    parts = description["model"]["vocab"].keys() - special
    for token in first:
        for cut in range(1, len(token)):
            pair = token[:cut], token[cut:]
            if pair not in ranks and parts.issuperset(pair):
                raise UserError(
                    f"tokenizer.json: merges: {' + '.join(pair)} is no merge though {token} is a token: not "
                    "SentencePiece's BPE; llama.cpp would split otherwise; evaluate this model without GGUF"
                )


def _note_interleaved(ranks: dict[tuple[str, str], int], first: dict[str, int]) -> None:
    """Print a note when tokens have equal scores (vocabularies merged by hand): only pair ranks order them."""
    order = [first[left + right] for left, right in ranks]
    if order != sorted(order):
        print(
            "note: some tokens of this vocabulary have equal SentencePiece scores; where they compete, "
            "llama.cpp may split text otherwise than the fast tokenizer",
            file=sys.stderr,
        )
