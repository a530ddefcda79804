"""Do valid sections and profiles fit together? One check for each kind of mistake, a line for each mistake."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from belle.config.data import CleanParams, DataParams, DataProfile
from belle.config.decrypt import DecryptParams
from belle.config.evaluate import EvaluateParams
from belle.config.evaluation_set import EvalProfile
from belle.config.model import LINEAR_LAYERS, ModelParams, ModelProfile
from belle.config.problems import nearest
from belle.config.quantize import GptqParams, QuantizeParams
from belle.config.section import CONFIGS
from belle.config.source import Source
from belle.config.train import HardwareProfile, PretrainParams, TrainParams, comes_after

FEWEST_TEXTS = 128
"""Twice the texts that pretrain sets apart for its evaluation loss."""
K_QUANT_BLOCK = 256
BLOCK = 32
"""Columns of one block in llama.cpp's K-quants and in its older types: rows must be a multiple of it."""
UNBLOCKED = ("gguf-f32", "gguf-f16", "gguf-bf16")


def _pinned_model(model: ModelParams, model_profile: ModelProfile) -> Iterator[str]:
    yield from _pinned("model", model.profile, model_profile.source, model.allow_unpinned)


def _pinned_data(data: DataParams, data_profiles: dict[str, DataProfile]) -> Iterator[str]:
    for name, profile in data_profiles.items():
        yield from _pinned("data", name, profile.source, data.allow_unpinned)


def _pinned(section: str, name: str, source: Source, allowed: bool) -> Iterator[str]:
    if source.kind == "hub" and source.revision is None and not allowed:
        yield (
            f"{section}.allow_unpinned: {CONFIGS / section / name}.yaml pins no revision of {source.repo}; set "
            "source.revision there to a commit, or this to true and lose repeatability"
        )


def _encryption(decrypt: DecryptParams, model: ModelParams, model_profile: ModelProfile) -> Iterator[str]:
    if model_profile.encrypted and not decrypt.enabled:
        yield f"decrypt.enabled: the model {model.profile} is encrypted; set this to true and decrypt.key to the key"
    if decrypt.enabled and not model_profile.encrypted:
        yield f"decrypt.enabled: the model {model.profile} is not encrypted; set this to false"
    if decrypt.enabled and decrypt.key is None:
        yield "decrypt.key: set it to the path of the key file (the original consolidated.00.pth)"


def _formats(data: DataParams, data_profiles: dict[str, DataProfile]) -> Iterator[str]:
    for key, names, is_text in (("sources", data.sources, False), ("text_sources", data.text_sources, True)):
        for name in filter(data_profiles.get, names):
            if (data_profiles[name].format == "text") != is_text:
                other = "sources" if is_text else "text_sources"
                yield f"data.{key}: {name} has the format {data_profiles[name].format}; name it in data.{other}"


def _texts(data: DataParams, pretrain: PretrainParams) -> Iterator[str]:
    if pretrain.enabled and not data.text_sources:
        yield "data.text_sources: pretrain.enabled needs a text source; name one, or set pretrain.enabled to false"
    # the limit counts for each source; how many texts there are is known after the download
    most = None if data.text_limit is None else data.text_limit * len(data.text_sources)
    if pretrain.enabled and data.text_sources and most is not None and most < FEWEST_TEXTS:
        yield (
            f"data.text_limit: {data.text_limit} leaves at most {most} texts, pretrain needs {FEWEST_TEXTS}; raise it, "
            "or set pretrain.enabled to false"
        )


def _lengths(clean: CleanParams) -> Iterator[str]:
    if clean.min_characters > clean.max_characters:
        yield f"clean.min_characters: {clean.min_characters} is more than clean.max_characters, {clean.max_characters}"


def _schemes(quantize: QuantizeParams, model_profile: ModelProfile) -> Iterator[str]:
    for scheme in dict.fromkeys(quantize.schemes):
        if quantize.schemes.count(scheme) > 1:
            yield f"quantize.schemes: {scheme} is named twice"
        for name, width in _widths(model_profile):
            if width % _block(scheme):
                yield (
                    f"quantize.schemes: {scheme} needs rows of a multiple of {_block(scheme)}, the model's {name} is "
                    f"{width}; take gguf-f16, or a scheme of smaller blocks"
                )


def _groups(quantize: QuantizeParams, model_profile: ModelProfile) -> Iterator[str]:
    if not any(scheme.startswith("gptq") for scheme in quantize.schemes):
        return
    group, widths = quantize.gptq.group_size, _widths(model_profile)
    sizes = get_args(GptqParams.model_fields["group_size"].annotation)
    fitting = [str(size) for size in sizes if size == -1 or all(width % size == 0 for _, width in widths)]
    for name, width in widths:
        if group != -1 and width % group:
            yield (
                f"quantize.gptq.group_size: {group} does not divide the model's {name}, {width}; "
                f"allowed: {', '.join(fitting)}"
            )


def _widths(profile: ModelProfile) -> list[tuple[str, int]]:
    return [("hidden_size", profile.hidden_size), ("intermediate_size", profile.intermediate_size)]


def _block(scheme: str) -> int:
    if not scheme.startswith("gguf-") or scheme in UNBLOCKED:
        return 1
    return K_QUANT_BLOCK if "_k" in scheme else BLOCK


def _targets(train: TrainParams, model_profile: ModelProfile) -> Iterator[str]:
    if train.lora.targets == "all-linear":
        return
    layers = LINEAR_LAYERS[model_profile.architecture]
    names = ", ".join(layers)
    if not train.lora.targets:
        yield f"train.lora.targets: name at least one of {names}, or write all-linear"
    for target in train.lora.targets:
        if target not in layers:
            yield (
                f"train.lora.targets: {model_profile.architecture} models have no linear layer {target}; they have "
                f"{names}{nearest(target, layers)}"
            )


def _batches(train: TrainParams, pretrain: PretrainParams, hardware: HardwareProfile) -> Iterator[str]:
    """Only the schedules in use: the others may be meant for other hardware."""
    at_once = hardware.rows_per_step * hardware.processes
    schedules = {f"train.{train.method}": getattr(train, train.method)}
    if pretrain.enabled:
        schedules["pretrain"] = pretrain
    for name, schedule in schedules.items():
        if schedule.batch_size % at_once:
            yield (
                f"{name}.batch_size: {schedule.batch_size} is not a multiple of {at_once}, the rows that the hardware "
                f"profile {train.profile} computes at once"
            )


def _hardware(train: TrainParams, hardware: HardwareProfile) -> Iterator[str]:
    at = f"train.profile: the hardware profile {train.profile}"
    if hardware.offload and not hardware.zero_stage:
        yield f"{at} sets offload, a part of DeepSpeed; set its zero_stage to 1, 2 or 3, or offload to false"
    if hardware.processes > 1 or hardware.zero_stage:
        yield f"{at}: training in several processes is not built yet; use cpu or 1gpu"


def _promoted(train: TrainParams) -> Iterator[str]:
    path = Path("models") / train.from_
    # models/promoted/NAME.dvc alone: dvc fetches the model before the stage that reads it
    if train.from_.startswith("promoted/") and not (path.exists() or Path(f"{path}.dvc").exists()):
        yield f"train.from: there is no {path}; promote an experiment's model first"


def _unused_pretraining(subject: str, pretrain: PretrainParams) -> Iterator[str]:
    if pretrain.enabled and comes_after("pretrained", subject):
        yield f"pretrain.enabled: nothing would use its work when subject is {subject}; set this to false"


def _rules(evaluate: EvaluateParams, evaluation_set: EvalProfile) -> Iterator[str]:
    if evaluate.scorer == "rules" and not evaluation_set.rules:
        yield f"evaluate.scorer: {CONFIGS}/eval/{evaluate.set}.yaml has no rules, its answers need a judge"


CHECKS: tuple[Callable[..., Iterator[str]], ...] = (
    _pinned_model, _pinned_data, _encryption, _formats, _texts, _lengths, _schemes, _groups, _targets, _batches,
    _hardware, _promoted, _unused_pretraining, _rules,
)  # fmt: skip
"""Named by what they compare: each parameter is a section of params.yaml or a profile (see belle.config.check)."""
