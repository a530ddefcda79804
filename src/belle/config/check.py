"""Every problem of an experiment at once: params.yaml, the profiles it names, and whether they fit together."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

from belle.config.base import CONFIGS, PARAMS, PROFILE_NAME, Section, load_profile
from belle.config.checkpoints import CHECKPOINTS
from belle.config.cross_checks import CHECKS
from belle.config.data import DataProfile
from belle.config.decoding import DecodingProfile
from belle.config.endpoint import EndpointProfile
from belle.config.evaluation_set import EvalProfile
from belle.config.experiment import Experiment
from belle.config.hardware import HardwareProfile
from belle.config.messages import problems_of
from belle.config.mixture import mixture_parts
from belle.config.model import ModelProfile
from belle.config.overrides import read_overridden
from belle.errors import UserError

PROFILES: dict[str, tuple[type[Section], str, str]] = {
    "endpoint_profile": (EndpointProfile, "endpoint", "generate_data.endpoint"),
    "judge_profile": (EndpointProfile, "endpoint", "evaluate.judge.endpoint"),
    "second_judge_profile": (EndpointProfile, "endpoint", "evaluate.judge.second_endpoint"),
    "model_profile": (ModelProfile, "model", "model.profile"),
    "evaluation_set": (EvalProfile, "eval", "evaluate.set"),
    "decoding_profile": (DecodingProfile, "decoding", "evaluate.generate.decoding"),
    "answering_profile": (EndpointProfile, "endpoint", "evaluate.generate.endpoint"),
    "hardware_profile": (HardwareProfile, "hardware", "hardware"),
}
"""Profiles that params.yaml names one of: what checks call them, their kind, folder and key."""


def find_problems(overrides: Sequence[str] = ()) -> list[str]:
    """Check params.yaml and its profiles; one line per problem, an empty list when all is valid.

    Args:
        overrides: changes of params.yaml, as in `train.method=lora`.
    """
    try:
        value = read_overridden(overrides)
    except UserError as error:
        return [str(error)]
    problems = problems_of(Experiment, value, PARAMS)
    parts = _sections(value) | _profiles(value, problems)
    if value.get("checkpoint") in CHECKPOINTS:
        parts["checkpoint"] = value["checkpoint"]
    if "hardware_profile" in parts:
        parts["hardware"] = value["hardware"]
    for check in CHECKS:
        # a check runs when all that it compares is valid by itself
        if (needed := inspect.signature(check).parameters.keys()) <= parts.keys():
            problems += [f"{PARAMS}: {line}" for line in check(**{name: parts[name] for name in needed})]
    return list(dict.fromkeys(problems))


def _sections(value: dict[str, Any]) -> dict[str, Section]:
    """Return the sections of params.yaml that are valid, by name."""
    sections = {
        name: field.annotation
        for name, field in Experiment.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    }
    return {
        name: kind.model_validate(value[name])
        for name, kind in sections.items()
        if name in value and not problems_of(kind, value[name], PARAMS)
    }


def _profiles(value: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """Return the valid profiles; they are read even when other parts of params.yaml are wrong."""

    def load(kind: type[Section], folder: str, key: str, names: list[str]) -> dict[str, Any]:
        found = {}
        for name in names:
            try:
                found[name] = load_profile(kind, folder, name)
            except UserError as error:
                missing = name not in {path.stem for path in (CONFIGS / folder).glob("*.yaml")}
                at = f"{PARAMS}: {key}: " if missing else ""
                problems.extend(f"{at}{line}" for line in str(error).splitlines())
        return found

    parts: dict[str, Any] = {
        part: profile
        for part, (kind, folder, key) in PROFILES.items()
        for profile in load(kind, folder, key, _names(value, key)).values()
    }
    try:
        parts["sources"] = [part.source for part in mixture_parts(_names(value, "data.sources"))]
    except UserError as error:
        problems.extend(str(error).splitlines())
    conversations = load(DataProfile, "data", "data.sources", parts.get("sources", []))
    texts = load(DataProfile, "data", "data.texts.sources", _names(value, "data.texts.sources"))
    return parts | {"data_profiles": conversations | texts}


def _names(value: dict[str, Any], key: str) -> list[str]:
    """Return the names under a key, one or a list; what cannot be a name is left out."""
    entry: Any = value
    for part in key.split("."):
        entry = entry.get(part) if isinstance(entry, dict) else None
    names = entry if isinstance(entry, list) else [entry]
    return [name for name in names if isinstance(name, str) and re.search(PROFILE_NAME, name)]
