"""Compare a model directory with what its profile says: `belle check` and all that follows rely on that."""

from pathlib import Path

from belle.checkpoints.resolve import CONFIG, TOKENIZER
from belle.config.model import ModelDownload
from belle.errors import UserError
from belle.files import read_json_object

PARTS = {
    "weights": ("*.safetensors", "*.bin"),
    "tokenizer": (TOKENIZER, "tokenizer.model", "vocab.json"),
}
"""What a model needs beside `config.json`: names of the files, one of which must be there."""


COMPARED = {
    "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim",
    "vocab_size", "tie_word_embeddings", "max_position_embeddings",
}  # fmt: skip
"""Keys of a profile that stand in config.json under the same name."""
OLDER_NAMES = {"num_hidden_layers": "n_layer", "num_attention_heads": "n_head"}
"""What BLOOM's config.json calls two of the keys."""


def refuse_other_model(profile: ModelDownload, folder: Path) -> None:
    """Raise a UserError when `folder` holds half a model, or another architecture or widths than the profile says.

    The error has one line for each difference; it names no folder, which is a temporary one.
    """
    if not (folder / CONFIG).exists():
        raise UserError(f"the source holds no {CONFIG}, so it is no Hugging Face model; correct the model's profile")
    if problems := [*_missing_parts(folder), *_differences(profile, folder)]:
        raise UserError("\n".join(problems))


def _missing_parts(folder: Path) -> list[str]:
    return [
        f"the source holds no {what} ({' or '.join(patterns)}); correct source in the model's profile"
        for what, patterns in PARTS.items()
        if not any(any(folder.glob(pattern)) for pattern in patterns)
    ]


def _differences(profile: ModelDownload, folder: Path) -> list[str]:
    found = read_json_object(folder / CONFIG, "repair or fetch the model again", CONFIG)
    found |= {key: found[name] for key, name in OLDER_NAMES.items() if name in found}
    said = {"model_type": profile.architecture, **profile.model_dump(include=COMPARED)}
    return [
        f"{CONFIG}: {key} is {found[key]!r} and the model's profile says {value!r}; correct the profile"
        for key, value in said.items()
        # what a configuration does not name, or leaves null, has the default of its architecture
        if found.get(key) is not None and found[key] != value
    ]
