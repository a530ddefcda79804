"""Cross-section checks: each function takes the sections and profiles it compares and yields one line per mistake."""

from collections.abc import Callable, Iterator
from typing import get_args

from belle.config.base import CONFIGS
from belle.config.checkpoints import comes_after
from belle.config.clean import CleanParams
from belle.config.data import DataParams, DataProfile
from belle.config.decoding import DecodingProfile
from belle.config.decrypt import DecryptParams
from belle.config.endpoint import EndpointProfile
from belle.config.evaluate import EvaluateParams
from belle.config.extend_vocab import ExtendVocabParams
from belle.config.generate_data_checks import asked_for_something, generated_sources, usable_endpoint
from belle.config.judge_checks import compared_anchors, scorable, usable_judge, usable_second_judge
from belle.config.model import ModelParams, ModelProfile
from belle.config.pretrain import PretrainParams
from belle.config.prices import prices_of
from belle.config.promoted import usable_promoted
from belle.config.quantize import GptqParams, QuantizeParams, block_size
from belle.config.source_checks import local_sources, pinned_data, pinned_model
from belle.config.tokenize import TokenizeParams
from belle.config.training_checks import (
    base_precision,
    mixture_weights,
    possible_hardware,
    saved_modules,
    shared_batches,
    target_layers,
)


def _encryption(decrypt: DecryptParams, model: ModelParams, model_profile: ModelProfile) -> Iterator[str]:
    if model_profile.encrypted and not decrypt.enabled:
        yield f"decrypt.enabled: the model {model.profile} is encrypted; set this to true and decrypt.key to the key"
    if decrypt.enabled and not model_profile.encrypted:
        yield f"decrypt.enabled: the model {model.profile} is not encrypted; set this to false"
    if decrypt.enabled and decrypt.key is None:
        yield "decrypt.key: set it to the path of the key file (the original consolidated.00.pth)"


def _formats(data: DataParams, sources: list[str], data_profiles: dict[str, DataProfile]) -> Iterator[str]:
    for key, names, is_text in (("sources", sources, False), ("texts.sources", data.texts.sources, True)):
        for name in filter(data_profiles.get, names):
            if (data_profiles[name].format == "text") != is_text:
                other = "sources" if is_text else "texts.sources"
                yield f"data.{key}: {name} has the format {data_profiles[name].format}; name it in data.{other}"


def _texts(data: DataParams, extend_vocab: ExtendVocabParams, pretrain: PretrainParams) -> Iterator[str]:
    for section, enabled in (("extend_vocab", extend_vocab.enabled), ("pretrain", pretrain.enabled)):
        if enabled and not data.texts.sources:
            enabled_key = f"{section}.enabled"
            yield f"data.texts.sources: {enabled_key} needs a text source; name one, or set {enabled_key} to false"


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


def _unused(checkpoint: str, extend_vocab: ExtendVocabParams, pretrain: PretrainParams) -> Iterator[str]:
    for section, made, enabled in (
        ("extend_vocab", "extended", extend_vocab.enabled),
        ("pretrain", "pretrained", pretrain.enabled),
    ):
        if enabled and comes_after(made, checkpoint):
            yield f"{section}.enabled: nothing would use its work when checkpoint is {checkpoint}; set this to false"


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


def _answering(evaluate: EvaluateParams) -> Iterator[str]:
    """Refuse an engine without the server that it is to ask."""
    if evaluate.generate.engine == "endpoint" and evaluate.generate.endpoint is None:
        yield "evaluate.generate.endpoint: the engine endpoint needs one; name a file of configs/endpoint/"


def _drawn(evaluate: EvaluateParams, decoding_profile: DecodingProfile) -> Iterator[str]:
    """Refuse settings of drawing where no token is drawn."""
    for key in ("top_k", "top_p"):
        if decoding_profile.temperature == 0 and getattr(decoding_profile, key) is not None:
            file = f"{CONFIGS}/decoding/{evaluate.generate.decoding}.yaml"
            yield f"evaluate.generate.decoding: {file}: {key}: no token is drawn at temperature 0; set it to null"


def _priced(evaluate: EvaluateParams, answering_profile: EndpointProfile) -> Iterator[str]:
    """Refuse a server whose prices are not known: answers have no budget that could take their place."""
    if evaluate.generate.engine == "endpoint" and prices_of(answering_profile) is None:
        file = f"{CONFIGS}/endpoint/{evaluate.generate.endpoint}.yaml"
        yield (
            f"evaluate.generate.endpoint: {file}: what tokens cost is not known; write input_price and output_price "
            "there, 0 for a server of your own"
        )


CHECKS: tuple[Callable[..., Iterator[str]], ...] = (
    pinned_model, pinned_data, local_sources, _encryption, _formats, _texts, mixture_weights, _lengths, _positions,
    _schemes, _groups, target_layers, saved_modules, base_precision, shared_batches, possible_hardware, usable_promoted,
    _unused, _templates, scorable, _answering, _drawn, _priced, generated_sources, asked_for_something, usable_endpoint,
    usable_judge, usable_second_judge, compared_anchors,
)  # fmt: skip
"""Named by what they compare: each parameter is a section of params.yaml or a profile (see belle.config.check)."""
