"""Follow the model chain on disk: gates refer to the link before them, adapters to the weights they change."""

import json
from dataclasses import dataclass
from pathlib import Path

from belle.errors import UserError
from belle.weights.gate import REFERENCE, read_reference

ADAPTER_CONFIG = "adapter_config.json"
CONFIG = "config.json"


@dataclass(frozen=True)
class ModelFiles:
    """Where the parts of a model are.

    Attributes:
        base: directory with full weights.
        adapters: PEFT adapters to apply, in this order.
        tokenizer: directory of the tokenizer with its chat template: the nearest one to the link asked for.
    """

    base: Path
    adapters: tuple[Path, ...]
    tokenizer: Path


def locate(link: Path) -> ModelFiles:
    """Resolve a link of the chain: a Hugging Face directory, an adapter with a reference, or a gate's reference.

    Raises:
        UserError: the directory, or one that it refers to, is missing or none of the three; references in a circle.
    """
    directory, adapters, tokenizer, seen = Path(link), [], None, set()
    while True:
        _require(directory, Path(link))
        if directory in seen:
            raise UserError(f"{directory / REFERENCE}: the references lead in a circle; run `dvc repro` again")
        seen.add(directory)
        if tokenizer is None and (directory / "tokenizer_config.json").exists():
            tokenizer = directory
        reference = read_reference(directory)
        if (directory / ADAPTER_CONFIG).exists():
            adapters.append(directory)
        elif reference is None:
            break
        if reference is None:
            raise UserError(f"{directory}: an adapter without a reference to its base model ({REFERENCE})")
        directory = reference
    return ModelFiles(directory, tuple(reversed(adapters)), tokenizer or directory)


def _require(directory: Path, asked: Path) -> None:
    if directory.is_dir() and any((directory / name).exists() for name in (CONFIG, ADAPTER_CONFIG, REFERENCE)):
        return
    via = "" if directory == asked else f" (which {asked} refers to)"
    raise UserError(f"{directory}{via}: no model here; run `dvc repro` or `dvc pull` first")


def architecture(files: ModelFiles) -> str:
    """`model_type` of the base weights' config.json, as in `llama`.

    Raises:
        UserError: the file is broken or names none.
    """
    path = files.base / CONFIG
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["model_type"])
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{path}: not a model's configuration with a model_type; get the model again") from None
