"""Promoted models, `promoted/NAME` of `train.init_from`: names, and where each came from.

`models/promoted/NAME.dvc` tracks the model and holds its provenance under `meta`; Git tracks that file. So both can be
read where the model itself has not been pulled.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from belle.config.base import Section, parse, read_yaml
from belle.config.messages import nearest
from belle.config.model import ModelParams, ModelProfile
from belle.config.train import PROMOTED_NAME, TrainParams
from belle.errors import UserError

PROMOTED = Path("models/promoted")
PREFIX = "promoted/"
CONFIG_KEYS = {
    "model_type": "architecture",
    "hidden_size": "hidden_size",
    "intermediate_size": "intermediate_size",
    "max_position_embeddings": "max_position_embeddings",
}
"""Keys of config.json that the provenance repeats, and what a model profile calls them."""
MAKE = "make it: belle promote EXPERIMENT"


class Provenance(Section):
    """`meta` of models/promoted/NAME.dvc: which experiment the model is of, and what that measured."""

    revision: str
    """Full hash of the experiment's commit."""
    experiment: str | None
    """Its name, null for a commit that is no experiment."""
    checkpoint: str
    """Which checkpoint of the model chain it was."""
    md5: str
    """Hash of the promoted directory, as dvc had it then."""
    hashes: dict[str, str]
    """Hashes of the directories that it was put together from, as dvc.lock has them, by path."""
    config: dict[str, Any]
    """What its config.json says of architecture, widths and positions."""
    metrics: dict[str, Any]
    """Metrics of the experiment."""
    params: dict[str, Any]
    """params.yaml of the experiment."""


def promoted_names() -> list[str]:
    """Return the names of all promoted models, pulled or not, sorted."""
    return sorted(path.stem for path in PROMOTED.glob("*.dvc"))


def refuse_bad_name(name: str) -> None:
    """Raise a UserError when a model cannot be promoted under `name`."""
    if not re.fullmatch(PROMOTED_NAME, name) or name.endswith(".dvc"):
        raise UserError(
            f"{name}: no name for a promoted model: letters, digits, dots, hyphens and underscores, beginning with a "
            "letter or digit and not ending in .dvc"
        )


def tracking_file(name: str) -> Path:
    """Return the `.dvc` file of a promoted model."""
    return PROMOTED / f"{name}.dvc"


def read_provenance(name: str) -> Provenance | None:
    """Return where a promoted model came from; None when it was put there by hand.

    Raises:
        UserError: its `.dvc` file is missing, broken, or not written by `belle promote`.
    """
    meta = read_yaml(tracking_file(name)).get("meta")
    return None if meta is None else parse(Provenance, meta, tracking_file(name), "meta")


def usable_promoted(train: TrainParams, model: ModelParams, model_profile: ModelProfile) -> Iterator[str]:
    """Check the promoted model that training starts from: it is there, unchanged, and the one of the model profile.

    Everything that depends on a model's architecture and widths is checked against the profile.
    """
    if not train.init_from.startswith(PREFIX):
        return
    name = train.init_from.removeprefix(PREFIX)
    folder, file = PROMOTED / name, tracking_file(name)
    # the model itself may not be pulled yet: dvc fetches it before the stage that reads it
    if not file.exists():
        yield f"train.init_from: there is no {file}{nearest(name, promoted_names()) or f'; {MAKE} {name}'}"
        return
    try:
        provenance = read_provenance(name)
    except UserError as error:
        yield from (f"train.init_from: {line}" for line in str(error).splitlines())
        return
    if provenance is None:
        return
    if provenance.md5 != _tracked_md5(file):
        yield (
            f"train.init_from: {folder} has changed since it was promoted; get it back (git checkout {file} && dvc "
            f"checkout {folder}), or promote it again with --force"
        )
    said = {key: getattr(model_profile, profile_key) for key, profile_key in CONFIG_KEYS.items()}
    if others := [key for key in said if provenance.config.get(key, said[key]) != said[key]]:
        differences = ", ".join(f"{key} {provenance.config[key]} for {said[key]}" for key in others)
        yield (
            f"train.init_from: {folder} is another model than the profile {model.profile} describes ({differences}); "
            f"set model.profile to the one it was trained from{_profile_of(provenance)}"
        )


def _tracked_md5(file: Path) -> str | None:
    """Return the hash by which dvc knows a promoted model now."""
    try:
        return str(read_yaml(file)["outs"][0]["md5"])
    except (LookupError, TypeError):
        return None


def _profile_of(provenance: Provenance) -> str:
    section = provenance.params.get("model")
    return f", {section['profile']}" if isinstance(section, dict) and "profile" in section else ""
