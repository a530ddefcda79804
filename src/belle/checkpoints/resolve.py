"""Resolve a checkpoint of the model chain: full weights, an adapter on them, or a pointer to an earlier checkpoint.

A skipped stage writes a pointer: a directory with one file, `model_ref.json`, that names the checkpoint before it. So
the graph keeps its shape, and no weights are copied. An adapter names its base model in a file of the same form.
"""

from dataclasses import dataclass
from pathlib import Path

from belle.errors import UserError
from belle.files import fresh_directory, read_json_object, write_json

POINTER = "model_ref.json"
ADAPTER_CONFIG = "adapter_config.json"
CONFIG = "config.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
TOKENIZER = "tokenizer.json"
WEIGHTS = ("*.safetensors", "*.bin", "*.gguf")
"""Names of weight files; of those that a model ships in two forms the first is loaded."""


@dataclass(frozen=True)
class ResolvedCheckpoint:
    """Where the parts of a model are.

    Attributes:
        base: directory with full weights.
        adapters: PEFT adapters to apply, in this order.
        tokenizer: directory of the tokenizer with its chat template: the nearest one to the checkpoint.
    """

    base: Path
    adapters: tuple[Path, ...]
    tokenizer: Path

    @property
    def directories(self) -> list[Path]:
        """All of them, each once."""
        return list(dict.fromkeys([self.base, *self.adapters, self.tokenizer]))


def write_pointer(target: Path, checkpoint: Path) -> None:
    """Replace the directory `target` by a pointer to `checkpoint`: one file, `{"path": "models/base"}`.

    Args:
        target: the directory of the skipped stage.
        checkpoint: the earlier checkpoint, relative to the repository root.
    """
    with fresh_directory(target) as folder:
        write_json(folder / POINTER, {"path": checkpoint.as_posix()})


def read_pointer(directory: Path) -> Path | None:
    """Return the checkpoint that a directory points to, None when it holds full weights of its own.

    Raises:
        UserError: the pointer cannot be read.
    """
    path = directory / POINTER
    if not path.exists():
        return None
    target = read_json_object(path, "run its stage again").get("path")
    if not isinstance(target, str):
        raise UserError(f'{path}: not a pointer of the form {{"path": "models/base"}}; run its stage again')
    return Path(target)


def resolve_checkpoint(checkpoint: Path) -> ResolvedCheckpoint:
    """Return where the weights, adapters and tokenizer of a checkpoint are, following its pointers.

    Raises:
        UserError: the directory, or one that it points to, is missing or holds no model; pointers lead in a circle.
    """
    directory, adapters, tokenizer, seen = Path(checkpoint), [], None, set()
    while True:
        _require(directory, Path(checkpoint))
        if directory in seen:
            raise UserError(f"{directory / POINTER}: the pointers lead in a circle; run `dvc repro` again")
        seen.add(directory)
        if tokenizer is None and (directory / TOKENIZER_CONFIG).exists():
            tokenizer = directory
        earlier = read_pointer(directory)
        if (directory / ADAPTER_CONFIG).exists():
            adapters.append(directory)
        elif earlier is None:
            break
        if earlier is None:
            raise UserError(f"{directory}: an adapter without a pointer to its base model ({POINTER})")
        directory = earlier
    return ResolvedCheckpoint(directory, tuple(reversed(adapters)), tokenizer or directory)


def weight_files(folder: Path) -> list[Path]:
    """Return the weight files of a model, quantized or not, or an adapter that are loaded, sorted by name."""
    return next(filter(None, (sorted(folder.glob(pattern)) for pattern in WEIGHTS)), [])


def read_config(resolved: ResolvedCheckpoint) -> dict[str, object]:
    """Return the config.json of the base weights.

    Raises:
        UserError: the file is broken or names no `model_type`.
    """
    path, repair = resolved.base / CONFIG, "get the model again"
    config = read_json_object(path, repair)
    if not isinstance(config.get("model_type"), str):
        raise UserError(f"{path}: not a model's configuration: it names no model_type; {repair}")
    return config


def architecture(resolved: ResolvedCheckpoint) -> str:
    """Return the `model_type` of the base weights, as in `llama`.

    Raises:
        UserError: their config.json is broken or names none.
    """
    return str(read_config(resolved)["model_type"])


def _require(directory: Path, checkpoint: Path) -> None:
    if directory.is_dir() and any((directory / name).exists() for name in (CONFIG, ADAPTER_CONFIG, POINTER)):
        return
    via = "" if directory == checkpoint else f" (which {checkpoint} points to)"
    raise UserError(f"{directory}{via}: no model here; run `dvc repro` or `dvc pull` first")
