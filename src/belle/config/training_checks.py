"""Cross-section checks of training: layers of the model, processes of the hardware, texts of pre-training."""

from collections.abc import Iterator

from belle.config.data import DataParams
from belle.config.hardware import HardwareProfile
from belle.config.messages import nearest
from belle.config.model import LINEAR_LAYERS, OTHER_LAYERS, ModelProfile
from belle.config.pretrain import PretrainParams
from belle.config.train import TrainParams


def target_layers(train: TrainParams, model_profile: ModelProfile) -> Iterator[str]:
    """Yield the adapters' layers that the model lacks."""
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


def saved_modules(train: TrainParams, model_profile: ModelProfile) -> Iterator[str]:
    """Yield the modules to train whole that the model lacks, or that are linear layers."""
    layers = OTHER_LAYERS[model_profile.architecture]
    for name in train.lora.modules_to_save or ():
        if name not in layers:
            hint = nearest(name, layers)
            if name in LINEAR_LAYERS[model_profile.architecture]:
                hint = "; linear layers get an adapter (target_modules), or train them with train.method ft"
            yield (
                f"train.lora.modules_to_save: {model_profile.architecture} models can save {', '.join(layers)}, "
                f"not {name}{hint}"
            )


def base_precision(train: TrainParams, hardware: str, hardware_profile: HardwareProfile) -> Iterator[str]:
    """Yield whether weights of 4 bits would be sharded."""
    if train.method == "lora" and train.lora.base_precision == "nf4" and hardware_profile.zero_stage == 3:
        yield (
            f"train.lora.base_precision: nf4 weights cannot be sharded, as the hardware profile {hardware} does "
            "(zero_stage 3); choose hardware, or a profile of zero_stage 0, 1 or 2"
        )


def shared_batches(
    train: TrainParams, pretrain: PretrainParams, hardware: str, hardware_profile: HardwareProfile
) -> Iterator[str]:
    """Check only the settings in use: the others may be meant for other hardware."""
    processes = hardware_profile.world_size
    nodes = f"{hardware_profile.num_nodes} node{'s' if hardware_profile.num_nodes > 1 else ''}"
    settings = {f"train.{train.method}": getattr(train, train.method)}
    if pretrain.enabled:
        settings["pretrain"] = pretrain
    for name, params in settings.items():
        if params.batch_size % processes:
            nearest_one = max(1, round(params.batch_size / processes)) * processes
            yield (
                f"{name}.batch_size: {params.batch_size} packed sequences cannot be shared by the {processes} "
                f"processes of the hardware profile {hardware} ({nodes} x "
                f"{hardware_profile.num_processes}): {params.batch_size} / {processes} = "
                f"{params.batch_size / processes:.4g} each; set it to {nearest_one}, or take other hardware"
            )


def possible_hardware(hardware: str, hardware_profile: HardwareProfile) -> Iterator[str]:
    """Yield what a hardware profile asks for that does not exist."""
    at = f"hardware: the hardware profile {hardware}"
    if hardware_profile.offload_optimizer and not hardware_profile.zero_stage:
        yield (
            f"{at} sets offload_optimizer, a part of DeepSpeed; set its zero_stage to 1, 2 or 3, or offload_optimizer "
            "to false"
        )
    if hardware_profile.device == "cpu" and hardware_profile.precision == "fp16":
        yield f"{at} sets precision fp16, which processors compute without; set it to fp32 or bf16"


def mixture_weights(data: DataParams, pretrain: PretrainParams) -> Iterator[str]:
    """Yield what keeps texts from being mixed."""
    if pretrain.enabled and pretrain.mixture is not None:
        weights, sources = len(pretrain.mixture), len(data.texts.sources)
        if weights != sources:
            yield f"pretrain.mixture: {weights} weights for {sources} data.texts.sources; give each source one, or null"
        if not any(pretrain.mixture):
            yield "pretrain.mixture: every weight is 0; set at least one above 0, or null"
