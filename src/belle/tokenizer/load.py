"""Load the tokenizer of a link of the model chain; imports no torch of its own."""

from pathlib import Path

from transformers import AutoTokenizer, PreTrainedTokenizerBase

from belle.errors import UserError
from belle.weights.links import locate


def load_tokenizer(link: Path) -> PreTrainedTokenizerBase:
    """Load the tokenizer that belongs to a link of the model chain, its chat template inside.

    Raises:
        UserError: no model there, or tokenizer files that transformers cannot read.
    """
    directory = locate(link).tokenizer
    try:
        return AutoTokenizer.from_pretrained(directory, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{directory}: cannot load this tokenizer: {' '.join(str(error).split())}") from error
