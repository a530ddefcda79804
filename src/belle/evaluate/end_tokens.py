"""Which tokens end an answer, for every engine alike: models have several, and libraries differ in which they know."""

from pathlib import Path

from transformers import PreTrainedTokenizerBase

from belle.checkpoints.resolve import read_config, resolve_checkpoint
from belle.files import read_json_object

GENERATION_CONFIG = "generation_config.json"
KEY = "eos_token_id"


def end_tokens(checkpoint: Path, tokenizer: PreTrainedTokenizerBase) -> tuple[int, ...]:
    """Return the ids of the tokenizer's end token and of those in the model's generation settings, ascending.

    Raises:
        UserError: the settings cannot be read.
    """
    resolved = resolve_checkpoint(checkpoint)
    path = resolved.base / GENERATION_CONFIG
    settings = read_json_object(path, "get the model again") if path.exists() else read_config(resolved)
    own = settings.get(KEY)
    return tuple(sorted({tokenizer.eos_token_id, *(own if isinstance(own, list) else [own])} - {None}))
