"""Load tokenizers; imports no torch of its own."""

import os
from pathlib import Path

# its advice to install PyTorch is wrong where torch is hidden on purpose
os.environ["TRANSFORMERS_NO_ADVISORY_WARNINGS"] = "1"

from transformers import AutoTokenizer, PreTrainedTokenizerBase

from belle.checkpoints.resolve import TOKENIZER, resolve_checkpoint
from belle.errors import UserError
from belle.tokenizer.special_tokens import SENTENCEPIECE_MODEL


def load_tokenizer(checkpoint: Path) -> PreTrainedTokenizerBase:
    """Load the tokenizer that belongs to a checkpoint of the model chain, its chat template inside.

    Raises:
        UserError: no model there, or tokenizer files that transformers cannot read.
    """
    return read_tokenizer(resolve_checkpoint(checkpoint).tokenizer)


def read_tokenizer(directory: Path) -> PreTrainedTokenizerBase:
    """Load the tokenizer in a directory, or raise a UserError when transformers cannot read it."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
    except (OSError, ValueError, KeyError, RecursionError) as error:
        raise UserError(f"{directory}: cannot load this tokenizer: {' '.join(str(error).split())}") from error
    if (model := directory / SENTENCEPIECE_MODEL).exists() and not (directory / TOKENIZER).exists():
        from belle.tokenizer.sentencepiece_merges import order_by_score

        order_by_score(tokenizer, model)
    return tokenizer
