"""Save tokenizers in the form that transformers 4 and 5 read alike, and with them what is built on either."""

from pathlib import Path
from typing import TYPE_CHECKING

from belle.checkpoints.resolve import TOKENIZER, TOKENIZER_CONFIG
from belle.files import read_json_object, write_json
from belle.tokenizer.merges import write_merges_as_strings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

TOKENIZER_CLASS = "PreTrainedTokenizerFast"
"""Takes tokenizer.json as it is. The classes of single architectures rebuild parts of it, each version others."""
UNSAID = ("backend", "is_local", "local_files_only")
"""How transformers 5 came to load the tokenizer, not what it is."""


def save_tokenizer(tokenizer: "PreTrainedTokenizerBase", directory: Path) -> None:
    """Write a tokenizer with its chat template into an existing directory.

    transformers 5 renamed what it writes. Here tokenizer_config.json says what transformers 4 knows too: the class,
    `additional_special_tokens` (a list under the new name stops 4.57) and the chat template (4.40 reads no
    chat_template.jinja). Every version gives the same ids. A tokenizer without tokenizer.json keeps its class.
    """
    tokenizer.save_pretrained(directory, save_jinja_files=False)
    if not (directory / TOKENIZER).exists():
        return
    write_merges_as_strings(directory / TOKENIZER)
    path = directory / TOKENIZER_CONFIG
    config = read_json_object(path, "save the tokenizer again") | {"tokenizer_class": TOKENIZER_CLASS}
    if special := config.pop("extra_special_tokens", None):
        config["additional_special_tokens"] = special
    write_json(path, {key: value for key, value in sorted(config.items()) if key not in UNSAID})
