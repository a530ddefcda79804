"""Every problem of an experiment at once: params.yaml, the profiles it names, and whether they fit together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from belle.config.data import DataProfile
from belle.config.evaluate import EvalProfile
from belle.config.experiment import Experiment
from belle.config.model import LINEAR_LAYERS, ModelProfile
from belle.config.section import CONFIGS, PARAMS, Section, problems_of, read_yaml
from belle.config.train import HardwareProfile
from belle.errors import UserError

K_QUANT_BLOCK = 256
BLOCK = 32
"""Columns of one block in llama.cpp's K-quants and in its older types: rows must be a multiple of it."""
UNBLOCKED = ("gguf-f32", "gguf-f16", "gguf-bf16")


@dataclass
class Profiles:
    """The profiles an experiment names, as far as they could be read."""

    model: ModelProfile | None = None
    evaluation: EvalProfile | None = None
    hardware: HardwareProfile | None = None
    data: dict[str, DataProfile] = field(default_factory=dict)


def find_problems() -> list[str]:
    """Check params.yaml and its profiles; one line a problem, an empty list when all is well."""
    try:
        value = read_yaml(PARAMS)
    except UserError as error:
        return [str(error)]
    problems = problems_of(Experiment, value, PARAMS)
    profiles = _load_profiles(value, problems)
    if not problems:
        experiment = Experiment.model_validate(value)
        problems += [f"{PARAMS}: {line}" for check in CHECKS for line in check(experiment, profiles)]
    return problems


def _load_profiles(value: dict[str, Any], problems: list[str]) -> Profiles:
    """Read the profiles even when other parts of params.yaml are wrong, so that all problems are shown."""

    def named(section: str, key: str) -> Any:
        part = value.get(section)
        return part.get(key) if isinstance(part, dict) else None

    def load(kind: type[Section], folder: str, name: Any) -> Any:
        if not isinstance(name, str):
            return None
        path = CONFIGS / folder / f"{name}.yaml"
        try:
            content = read_yaml(path)
        except UserError as error:
            problems.append(str(error))
            return None
        found = problems_of(kind, content, path)
        problems.extend(found)
        return None if found else kind.model_validate(content)

    sources = [*(named("data", "sources") or []), *(named("data", "text_sources") or [])]
    return Profiles(
        load(ModelProfile, "model", named("model", "profile")),
        load(EvalProfile, "eval", named("evaluate", "set")),
        load(HardwareProfile, "train", named("train", "profile")),
        {
            name: profile
            for name in dict.fromkeys(map(str, sources))
            if (profile := load(DataProfile, "data", name))
        },
    )


def _pinned(experiment: Experiment, profiles: Profiles) -> Iterator[str]:
    named = [("model", experiment.model.profile, profiles.model, experiment.model.allow_unpinned)]
    named += [
        ("data", name, profile, experiment.data.allow_unpinned) for name, profile in profiles.data.items()
    ]
    for section, name, profile, allowed in named:
        if profile.source.kind == "hub" and profile.source.revision is None and not allowed:
            yield (
                f"{section}: configs/{section}/{name}.yaml pins no revision of {profile.source.repo}; set "
                f"source.revision to a commit, or {section}.allow_unpinned to true and lose repeatability"
            )


def _encryption(experiment: Experiment, profiles: Profiles) -> Iterator[str]:
    if profiles.model.encrypted and not experiment.decrypt.enabled:
        yield f"decrypt.enabled: the model {experiment.model.profile} is encrypted; set it to true and decrypt.key"
    if experiment.decrypt.enabled and not profiles.model.encrypted:
        yield f"decrypt.enabled: the model {experiment.model.profile} is not encrypted; set it to false"
    if experiment.decrypt.enabled and experiment.decrypt.key is None:
        yield "decrypt.key: set it to the path of the key file (the original consolidated.00.pth)"


def _data(experiment: Experiment, profiles: Profiles) -> Iterator[str]:
    for key, wanted in (("sources", False), ("text_sources", True)):
        names = getattr(experiment.data, key)
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"data.{key}: {name} is named twice"
        for name in names:
            if (profiles.data[name].format == "text") != wanted:
                yield f"data.{key}: {name} has format {profiles.data[name].format}; plain text goes in text_sources only"
    if experiment.pretrain.enabled and not experiment.data.text_sources:
        yield "data.text_sources: pretrain.enabled needs at least one text source"


def _quantization(experiment: Experiment, profiles: Profiles) -> Iterator[str]:
    schemes, group = experiment.quantize.schemes, experiment.quantize.gptq.group_size
    for scheme in sorted({scheme for scheme in schemes if schemes.count(scheme) > 1}):
        yield f"quantize.schemes: {scheme} is named twice"
    for name in ("hidden_size", "intermediate_size"):
        width = getattr(profiles.model, name)
        if group != -1 and width % group and any(scheme.startswith("gptq") for scheme in schemes):
            yield f"quantize.gptq.group_size: {group} does not divide the model's {name} {width}"
        for scheme in schemes:
            block = _block(scheme)
            if width % block:
                yield f"quantize.schemes: {scheme} needs rows of a multiple of {block}; the model's {name} is {width}"


def _block(scheme: str) -> int:
    if not scheme.startswith("gguf-") or scheme in UNBLOCKED:
        return 1
    return K_QUANT_BLOCK if "_k" in scheme else BLOCK


def _training(experiment: Experiment, profiles: Profiles) -> Iterator[str]:
    train, architecture = experiment.train, profiles.model.architecture
    if train.lora.targets != "all-linear":
        for target in train.lora.targets:
            if target not in LINEAR_LAYERS[architecture]:
                known = ", ".join(LINEAR_LAYERS[architecture])
                yield f"train.lora.targets: {architecture} models have no layer {target!r}; they have {known}"
    at_once = profiles.hardware.rows_per_step * profiles.hardware.processes
    for name, schedule in (
        ("train.ft", train.ft),
        ("train.lora", train.lora),
        ("pretrain", experiment.pretrain),
    ):
        if schedule.batch_size % at_once:
            yield (
                f"{name}.batch_size: {schedule.batch_size} is not a multiple of {at_once}, the rows that the hardware "
                f"profile {train.profile} computes at once"
            )
    if train.from_.startswith("promoted/") and not (Path("models") / train.from_).exists():
        yield f"train.from: there is no models/{train.from_}; promote an experiment's model first"


def _evaluation(experiment: Experiment, profiles: Profiles) -> Iterator[str]:
    if experiment.evaluate.scorer == "rules" and not profiles.evaluation.rules:
        yield f"evaluate.scorer: configs/eval/{experiment.evaluate.set}.yaml has no rules, its answers need a judge"


CHECKS: tuple[Callable[[Experiment, Profiles], Iterator[str]], ...] = (
    _pinned, _encryption, _data, _quantization, _training, _evaluation,
)  # fmt: skip
