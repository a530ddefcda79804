"""The model an experiment starts from, as a Hugging Face directory that holds its chat template."""

from pathlib import Path

from belle.config.model import ModelDownload
from belle.errors import UserError
from belle.files import fresh_directory, read_json_object, write_json
from belle.sources.cache import download_cache
from belle.sources.fetch import fetch, provenance
from belle.tokenizer.special_tokens import fill_special_tokens
from belle.tokenizer.template import store_template

PARTS = {
    "weights": ("*.safetensors", "*.bin"),
    "tokenizer": ("tokenizer.json", "tokenizer.model", "vocab.json"),
}
"""What a model needs beside `config.json`: names of the files, one of which must be there."""


def download_model(profile: ModelDownload, target: Path, record: Path) -> None:
    """Write the model's files to `target`, and their provenance to `record`, which no stage reads.

    The profile's chat template is stored inside; not in an encrypted model, which can be changed only after
    it has been decrypted.

    Raises:
        UserError: the source fails, or what it holds is not the model of the profile.
    """
    with download_cache("model") as cache, fresh_directory(target) as folder:
        revision = _fill(profile, folder, cache)
        _check(profile, folder)
        found = provenance(profile.source, revision, folder)
        if not profile.encrypted:
            fill_special_tokens(folder)
            store_template(folder, profile.template)
        write_json(record, found)


def _fill(profile: ModelDownload, folder: Path, cache: Path) -> str | None:
    if profile.source.kind != "builtin":
        return fetch(profile.source, folder, cache, "model")
    from belle.mini.model import write_model

    write_model(folder, profile.source.name)
    return None


def _check(profile: ModelDownload, folder: Path) -> None:
    """Compare the model with what its profile says: the checks made before the download relied on that."""
    if profile.encrypted:
        if not any(folder.glob("*.enc")):
            raise UserError("the source holds no .enc file; set encrypted to false in the model's profile")
        return
    path = folder / "config.json"
    if not path.exists():
        raise UserError("the source holds no config.json, so it is no Hugging Face model; correct its profile")
    found = read_json_object(path, "repair or fetch the model again", path.name)
    said = {
        "model_type": profile.architecture,
        "hidden_size": profile.hidden_size,
        "intermediate_size": profile.intermediate_size,
        "max_position_embeddings": profile.max_position_embeddings,
    }
    problems = [
        f"the source holds no {what} ({' or '.join(patterns)}); correct source in the model's profile"
        for what, patterns in PARTS.items()
        if not any(any(folder.glob(pattern)) for pattern in patterns)
    ]
    problems += [
        f"config.json: {key} is {found[key]!r} and the model's profile says {value!r}; correct the profile"
        for key, value in said.items()
        if found.get(key, value) != value
    ]
    if problems:
        raise UserError("\n".join(problems))
