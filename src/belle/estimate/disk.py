"""Bytes on disk that an experiment writes, by directory."""

from belle.config.experiment import Experiment
from belle.config.hardware import HardwareProfile
from belle.config.model import ModelProfile
from belle.config.pretrain import PretrainParams
from belle.config.quantize import GptqParams
from belle.config.train import FullFinetuneParams, LoraParams
from belle.config.training import TrainingParams
from belle.estimate.model_size import ModelSize

GGUF_BITS = {
    "f32": 32, "f16": 16, "bf16": 16, "q8_0": 8.5, "q4_0": 4.5, "q4_1": 5, "q5_0": 5.5, "q5_1": 6, "q2_k": 2.96,
    "q3_k_s": 3.44, "q3_k_m": 3.89, "q3_k_l": 4.22, "q4_k_s": 4.57, "q4_k_m": 4.83, "q5_k_s": 5.52, "q5_k_m": 5.67,
    "q6_k": 6.56,
}  # fmt: skip
"""Bits per weight of a whole file: exact for the plain types (ggml-common.h), for the K-quants those of a 7B model."""
SAVED_BYTES = {"fp32": 4, "bf16": 2, "fp16": 2}


def disk(
    experiment: Experiment,
    profile: ModelProfile,
    size: ModelSize,
    hardware: HardwareProfile,
    stages: dict[str, TrainingParams],
    trained: dict[str, int],
) -> dict[str, float]:
    """Return bytes by directory; what training and quantization need for a while comes last.

    DVC's cache holds every directory a second time, unless its file system or cache.type shares the bytes.

    Args:
        experiment: params.yaml.
        profile: of the model.
        size: of the model.
        hardware: the profile.
        stages: settings of the training stages in use.
        trained: weights that they train.
    """
    published = size.parameters * (4 if profile.source.kind == "builtin" else 2)
    found: dict[str, float] = {"models/base": published}
    if experiment.decrypt.enabled:
        found["models/decrypted"] = published
    if experiment.extend_vocab.enabled:
        found["models/extended"] = published
    folders = {"pretrain": "models/pretrained", "train": "models/trained"}
    for stage, params in stages.items():
        found[folders[stage]] = _saved(params, size, trained[stage], published / size.parameters)
    schemes = {scheme: variant_bytes(size, scheme, experiment.quantize.gptq) for scheme in experiment.quantize.schemes}
    found |= {f"models/quantized/{scheme}": bytes_ for scheme, bytes_ in schemes.items()}
    found["DVC's cache (a copy of all that)"] = sum(found.values())
    if stages:
        # the one before is kept until the next is complete
        found["checkpoints, for a while"] = 2 * max(
            checkpoint_bytes(params, size, trained[stage], hardware.zero_stage) for stage, params in stages.items()
        )
    if schemes:
        found["quantization, for a while"] = 4 * size.parameters
    return found


def _saved(params: TrainingParams, size: ModelSize, trained: int, published: float) -> float:
    if isinstance(params, FullFinetuneParams | PretrainParams):
        return size.parameters * SAVED_BYTES.get(params.save_precision, published)
    return 4 * trained


def checkpoint_bytes(params: TrainingParams, size: ModelSize, trained: int, zero_stage: int) -> int:
    """Return the bytes of a training checkpoint: weights, without those below adapters, and AdamW's moments in fp32.

    DeepSpeed keeps a second copy of the trained weights with the moments. At its stages 1 and 2 it writes the weights
    beside the Trainer's file as well; at stage 3 only the parts of every process are written.
    """
    weights = trained if isinstance(params, LoraParams) else size.parameters
    if zero_stage == 3:
        return 4 * (weights - trained) + 12 * trained
    return 4 * weights * (2 if zero_stage else 1) + (12 if zero_stage else 8) * trained


def variant_bytes(size: ModelSize, scheme: str, gptq: GptqParams) -> float:
    """Return the bytes of a quantized variant's weights."""
    family, _, kind = scheme.partition("-")
    if family == "gguf":
        # llama.cpp keeps the output layer, which tied embeddings are, in no less than Q6_K
        output = size.embeddings * max(GGUF_BITS[kind], GGUF_BITS["q6_k"])
        return ((size.parameters - size.embeddings) * GGUF_BITS[kind] + output) / 8
    bits = int(kind.removeprefix("int"))
    inputs = sum(inputs for inputs, _ in size.linear.values()) * size.layers
    groups = sum(
        outputs * (1 if gptq.group_size == -1 else inputs / gptq.group_size) for inputs, outputs in size.linear.values()
    )
    # a scale in fp16 and a zero per group, a group per column; the output layer is no longer tied
    scales = size.layers * groups * (2 + bits / 8) + 4 * inputs
    others = 2 * (size.parameters - size.linear_weights + (size.embeddings if size.tied else 0))
    return size.linear_weights * bits / 8 + scales + others
