"""Cross-section checks: each function takes the sections and profiles it compares and yields one line per mistake."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from belle.config.base import CONFIGS
from belle.config.checkpoints import comes_after
from belle.config.clean import CleanParams
from belle.config.data import DataParams, DataProfile
from belle.config.decrypt import DecryptParams
from belle.config.evaluate import EvaluateParams
from belle.config.evaluation_set import EvalProfile
from belle.config.hardware import HardwareProfile
from belle.config.held_out import HELD_OUT_TEXTS, fewest_rows
from belle.config.messages import nearest
from belle.config.model import LINEAR_LAYERS, ModelParams, ModelProfile
from belle.config.pretrain import PretrainParams
from belle.config.quantize import GptqParams, QuantizeParams, block_size
from belle.config.source_checks import local_sources, pinned_data, pinned_model
from belle.config.tokenize import TokenizeParams
from belle.config.train import TrainParams


def _encryption(decrypt: DecryptParams, model: ModelParams, model_profile: ModelProfile) -> Iterator[str]:
    if model_profile.encrypted and not decrypt.enabled:
        yield f"decrypt.enabled: the model {model.profile} is encrypted; set this to true and decrypt.key to the key"
    if decrypt.enabled and not model_profile.encrypted:
        yield f"decrypt.enabled: the model {model.profile} is not encrypted; set this to false"
    if decrypt.enabled and decrypt.key is None:
        yield "decrypt.key: set it to the path of the key file (the original consolidated.00.pth)"


def _formats(data: DataParams, data_profiles: dict[str, DataProfile]) -> Iterator[str]:
    for key, names, is_text in (("sources", data.sources, False), ("texts.sources", data.texts.sources, True)):
        for name in filter(data_profiles.get, names):
            if (data_profiles[name].format == "text") != is_text:
                other = "sources" if is_text else "texts.sources"
                yield f"data.{key}: {name} has the format {data_profiles[name].format}; name it in data.{other}"


def _texts(data: DataParams, pretrain: PretrainParams) -> Iterator[str]:
    if pretrain.enabled and not data.texts.sources:
        yield "data.texts.sources: pretrain.enabled needs a text source; name one, or set pretrain.enabled to false"
    # the limit counts for each source; how many texts there are is known after the download
    most = None if data.texts.limit is None else data.texts.limit * len(data.texts.sources)
    fewest = fewest_rows(HELD_OUT_TEXTS)
    if pretrain.enabled and data.texts.sources and most is not None and most < fewest:
        yield (
            f"data.texts.limit: {data.texts.limit} leaves at most {most} texts, pretrain needs {fewest}; raise it, "
            "or set pretrain.enabled to false"
        )


def _lengths(clean: CleanParams) -> Iterator[str]:
    if clean.min_characters > clean.max_characters:
        yield f"clean.min_characters: {clean.min_characters} is more than clean.max_characters, {clean.max_characters}"


def _positions(
    tokenize: TokenizeParams, pretrain: PretrainParams, model: ModelParams, model_profile: ModelProfile
) -> Iterator[str]:
    most = model_profile.max_position_embeddings
    lengths = {"tokenize": tokenize.max_length} | ({"pretrain": pretrain.max_length} if pretrain.enabled else {})
    for section, length in lengths.items():
        if most is not None and length > most:
            yield f"{section}.max_length: {length} is more than the {most} positions of the model {model.profile}"


def _schemes(quantize: QuantizeParams, model_profile: ModelProfile) -> Iterator[str]:
    for scheme in dict.fromkeys(quantize.schemes):
        if quantize.schemes.count(scheme) > 1:
            yield f"quantize.schemes: {scheme} is named twice"
        for name, width in _widths(model_profile):
            if width % block_size(scheme):
                yield (
                    f"quantize.schemes: {scheme} needs a multiple of {block_size(scheme)}, the model's {name} is "
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


def _targets(train: TrainParams, model_profile: ModelProfile) -> Iterator[str]:
    if train.lora.target_modules == "all-linear":
        return
    layers = LINEAR_LAYERS[model_profile.architecture]
    names = ", ".join(layers)
    if not train.lora.target_modules:
        yield f"train.lora.target_modules: name at least one of {names}, or write all-linear"
    for target in train.lora.target_modules:
        if target not in layers:
            yield (
                f"train.lora.target_modules: {model_profile.architecture} models have no linear layer {target}; "
                f"they have {names}{nearest(target, layers)}"
            )


def _batches(
    train: TrainParams, pretrain: PretrainParams, hardware: str, hardware_profile: HardwareProfile
) -> Iterator[str]:
    """Check only the settings in use: the others may be meant for other hardware."""
    processes = hardware_profile.world_size
    settings = {f"train.{train.method}": getattr(train, train.method)}
    if pretrain.enabled:
        settings["pretrain"] = pretrain
    for name, params in settings.items():
        if params.batch_size % processes:
            nearest_one = max(1, round(params.batch_size / processes)) * processes
            yield (
                f"{name}.batch_size: {params.batch_size} packed sequences cannot be shared by the {processes} processes "
                f"of the hardware profile {hardware} ({hardware_profile.num_nodes} nodes x "
                f"{hardware_profile.num_processes}): {params.batch_size} / {processes} = "
                f"{params.batch_size / processes:.4g} each; set it to {nearest_one}, or take other hardware"
            )


def _hardware(hardware: str, hardware_profile: HardwareProfile) -> Iterator[str]:
    at = f"hardware: the hardware profile {hardware}"
    if hardware_profile.offload_optimizer and not hardware_profile.zero_stage:
        yield (
            f"{at} sets offload_optimizer, a part of DeepSpeed; set its zero_stage to 1, 2 or 3, or offload_optimizer "
            "to false"
        )
    if hardware_profile.device == "cpu" and hardware_profile.precision == "fp16":
        yield f"{at} sets precision fp16, which processors compute without; set it to fp32 or bf16"


def _promoted(train: TrainParams) -> Iterator[str]:
    path = Path("models") / train.init_from
    # models/promoted/NAME.dvc alone: dvc fetches the model before the stage that reads it
    if train.init_from.startswith("promoted/") and not (path.exists() or Path(f"{path}.dvc").exists()):
        yield f"train.init_from: there is no {path}; promote an experiment's model first"


def _unused_pretraining(checkpoint: str, pretrain: PretrainParams) -> Iterator[str]:
    if pretrain.enabled and comes_after("pretrained", checkpoint):
        yield f"pretrain.enabled: nothing would use its work when checkpoint is {checkpoint}; set this to false"


def _templates(
    checkpoint: str, tokenize: TokenizeParams, quantize: QuantizeParams, model: ModelParams, model_profile: ModelProfile
) -> Iterator[str]:
    """Training stores tokenize.template with the trained model; an earlier checkpoint keeps its profile's."""
    own, calibrated = model_profile.template, any(scheme.startswith("gptq") for scheme in quantize.schemes)
    if comes_after("trained", checkpoint) and calibrated and tokenize.template not in ("model", own):
        yield (
            f"tokenize.template: GPTQ would be calibrated on conversations in the template {tokenize.template}, and "
            f"the checkpoint {checkpoint} is asked in that of the model {model.profile}, {own}; set this to model"
        )


def _metrics(evaluate: EvaluateParams, evaluation_set: EvalProfile) -> Iterator[str]:
    if evaluate.scorer == "metrics" and not evaluation_set.metrics:
        yield f"evaluate.scorer: {CONFIGS}/eval/{evaluate.set}.yaml names no metrics, its answers need a judge"


CHECKS: tuple[Callable[..., Iterator[str]], ...] = (
    pinned_model, pinned_data, local_sources, _encryption, _formats, _texts, _lengths, _positions, _schemes, _groups,
    _targets, _batches, _hardware, _promoted, _unused_pretraining, _templates, _metrics,
)  # fmt: skip
"""Named by what they compare: each parameter is a section of params.yaml or a profile (see belle.config.check)."""
