"""The model an experiment starts from, as a Hugging Face directory that holds its chat template."""

from pathlib import Path

from belle.config.model import ModelDownload
from belle.download.model_check import refuse_other_model
from belle.errors import UserError
from belle.files import fresh_directory, write_json
from belle.sources.cache import download_cache
from belle.sources.fetch import fetch, provenance
from belle.tokenizer.special_tokens import fill_special_tokens
from belle.tokenizer.template import store_template


def download_model(profile: ModelDownload, target: Path, record: Path) -> None:
    """Write the model's files to `target`, and their provenance to `record`, which no stage reads.

    The profile's chat template is stored inside, and special tokens are filled in that transformers cannot do
    without. All other files stay as their makers wrote them, in the form of whatever version that was: what is
    trained or quantized from them is saved in the form that every version reads (`belle.tokenizer.save`). An encrypted
    model can be changed, and compared with its profile, only after it has been decrypted.

    Raises:
        UserError: the source fails, or what it holds is not the model of the profile.
    """
    with download_cache("model") as cache, fresh_directory(target) as folder:
        revision = _fill(profile, folder, cache)
        if profile.encrypted:
            _refuse_plain(folder)
        else:
            refuse_other_model(profile, folder)
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


def _refuse_plain(folder: Path) -> None:
    if not any(folder.glob("*.enc")):
        raise UserError("the source holds no .enc file; set encrypted to false in the model's profile")
