"""A Hugging Face tokenizer as GGUF keys: the ids of a text stay the same in llama.cpp.

Both kinds are read from the fast tokenizer's own description (`tokenizer.json`): byte-level BPE, and
SentencePiece BPE with byte fallback (LLaMA's).
"""

import json
import re
import sys
from typing import Any

import gguf
from gguf import TokenType
from transformers import PreTrainedTokenizerBase

from belle.errors import UserError
from belle.quantize.gguf.byte_level import add_byte_level
from belle.quantize.gguf.sentencepiece import add_sentencepiece

BYTE_TOKEN = re.compile(r"<0x[0-9A-F]{2}>")


def add_tokenizer(writer: gguf.GGUFWriter, tokenizer: PreTrainedTokenizerBase, rows: int) -> None:
    """Add vocabulary, token types, merges or scores, special ids and the chat template.

    Args:
        writer: the file to be.
        tokenizer: a fast tokenizer.
        rows: embedding rows; rows beyond the tokenizer's ids become unused tokens.

    Raises:
        UserError: a tokenizer llama.cpp would apply differently, or with more ids than `rows`.
    """
    if not tokenizer.is_fast:
        raise UserError(f"tokenizer: {type(tokenizer).__name__} has no tokenizer.json form; save it as a fast one")
    description = json.loads(tokenizer.backend_tokenizer.to_str())
    model = description["model"]
    if model["type"] != "BPE" or model.get("dropout"):
        raise UserError(
            f"tokenizer.json: model {model['type']!r}, dropout {model.get('dropout')}: GGUF is written for "
            "byte-level BPE and SentencePiece BPE without dropout only"
        )
    tokens = _tokens(description, rows)
    writer.add_token_list([text for text, _ in tokens])
    writer.add_token_types([kind for _, kind in tokens])
    add_kind = add_sentencepiece if model["byte_fallback"] else add_byte_level
    add_kind(writer, description, [text for text, _ in tokens])
    _note_ignored_flags(description)
    _add_special_ids(writer, tokenizer)
    _add_chat_template(writer, tokenizer)


def _tokens(description: dict[str, Any], rows: int) -> list[tuple[str, TokenType]]:
    """Return text and type of every id; an id without a token gets a text of its own: llama.cpp wants no doubles."""
    model = description["model"]
    of_id = {index: (text, _type_of(text, model)) for text, index in model["vocab"].items()}
    for token in description["added_tokens"]:
        kind = TokenType.CONTROL if token["special"] else TokenType.USER_DEFINED
        of_id[token["id"]] = token["content"], kind
    if max(of_id) >= rows:
        raise UserError(
            f"tokenizer.json: id {max(of_id)} has no embedding, the model has {rows} rows; "
            "use the model's own tokenizer, or resize its embedding"
        )
    tokens = [of_id.get(index, (f"[PAD{index}]", TokenType.UNUSED)) for index in range(rows)]
    if len({text for text, _ in tokens}) < rows:
        raise UserError("tokenizer.json: two ids have the same text; llama.cpp cannot load such a vocabulary")
    return tokens


def _type_of(text: str, model: dict[str, Any]) -> TokenType:
    if model["byte_fallback"] and BYTE_TOKEN.fullmatch(text):
        return TokenType.BYTE
    return TokenType.NORMAL


def _note_ignored_flags(description: dict[str, Any]) -> None:
    # without a normalizer there is nothing to normalize
    flags = ("lstrip", "rstrip", "single_word", *(["normalized"] if description["normalizer"] else []))
    added = description["added_tokens"]
    ignored = [token["content"] for token in added if any(token[flag] for flag in flags)]
    if ignored:
        print(
            f"note: llama.cpp ignores {', '.join(flags)} of the added tokens {', '.join(ignored)}: "
            "text it tokenizes itself may get other ids around them",
            file=sys.stderr,
        )


def _add_special_ids(writer: gguf.GGUFWriter, tokenizer: PreTrainedTokenizerBase) -> None:
    for name in ("bos", "eos", "unk", "sep", "pad", "mask"):
        index = getattr(tokenizer, f"{name}_token_id")
        if index is not None:
            getattr(writer, f"add_{name}_token_id")(index)
    # as ChatEncoder encodes in training and evaluation: a prompt is what the chat template renders, nothing is added
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)


def _add_chat_template(writer: gguf.GGUFWriter, tokenizer: PreTrainedTokenizerBase) -> None:
    template = tokenizer.chat_template
    if isinstance(template, dict):
        if "default" not in template:
            raise UserError(f"tokenizer: chat_template: none of {', '.join(template)} is called default; name one so")
        # the library would write further templates in the order of a set
        if others := [name for name in template if name != "default"]:
            print(f"note: GGUF keeps the chat template 'default', not: {', '.join(others)}", file=sys.stderr)
        template = template["default"]
    if template is None:
        print("note: the tokenizer has no chat template, so the GGUF file has none", file=sys.stderr)
    else:
        writer.add_chat_template(template)
