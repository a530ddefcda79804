"""JSON Schemas of params.yaml and of each kind of profile, for editors that complete and check YAML."""

from pathlib import Path

from belle.config.base import Section
from belle.config.data import DataProfile
from belle.config.evaluation_set import EvalProfile
from belle.config.experiment import Experiment
from belle.config.hardware import HardwareProfile
from belle.config.model import ModelProfile
from belle.files import write_json

DRAFT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}

KINDS: dict[str, type[Section]] = {
    "params": Experiment,
    "model": ModelProfile,
    "data": DataProfile,
    "eval": EvalProfile,
    "hardware": HardwareProfile,
}


def write_schemas(directory: Path) -> list[Path]:
    """Write one `KIND.json` for each kind of file into `directory`; return the paths."""
    paths = [directory / f"{name}.json" for name in KINDS]
    for path, kind in zip(paths, KINDS.values(), strict=True):
        write_json(path, DRAFT | kind.model_json_schema())
    return paths
