"""The training stages of an experiment that run, and what each of them trains."""

from dataclasses import dataclass

from belle.config.checkpoints import comes_after
from belle.config.experiment import Experiment
from belle.config.hardware import HardwareProfile
from belle.config.model import LINEAR_LAYERS
from belle.config.pretrain import PretrainParams
from belle.config.train import LoraParams
from belle.config.training import TrainingParams
from belle.estimate.activations import Adapters
from belle.estimate.memory import NF4_BYTES, Training
from belle.estimate.model_size import ModelSize
from belle.estimate.tokens import Tokens
from belle.train.batches import micro_batch_size


@dataclass(frozen=True)
class Trained:
    """What a stage trains.

    Attributes:
        weights: number of trained weights.
        adapters: what is kept for their gradients; None when all weights are trained.
        frozen_bytes: of the weights that are not trained.
        loaded_bytes: main memory of a process that loads the model.
        is_half: those are held in half precision.
        name: for people, as in `LoRA, rank 8`.
    """

    weights: int
    adapters: Adapters | None
    frozen_bytes: float
    loaded_bytes: float
    is_half: bool
    name: str


def stages_in_use(experiment: Experiment) -> dict[str, TrainingParams]:
    """Return the settings of the training stages that run, by the name of the stage."""
    train = experiment.train
    stages: dict[str, TrainingParams] = {}
    if experiment.pretrain.enabled:
        stages["pretrain"] = experiment.pretrain
    if not comes_after("trained", experiment.checkpoint):
        stages["train"] = train.lora if train.method == "lora" else train.ft
    return stages


def what_is_trained(size: ModelSize, params: TrainingParams, hardware: HardwareProfile) -> Trained:
    """Return the weights that a stage trains, and how the others are held."""
    if isinstance(params, LoraParams):
        return _lora(size, params, hardware)
    # the largest: weights go to the GPU one by one
    loaded = 4 * size.embeddings
    if isinstance(params, PretrainParams) and params.trainable != "all":
        own_output = size.output if params.trainable == "embeddings+lm_head" else 0
        weights = size.embeddings + own_output
        return Trained(weights, Adapters((), 0, 0), 4 * (size.parameters - weights), loaded, False, params.trainable)
    return Trained(size.parameters, None, 0, loaded, False, "every weight")


def training_of(
    size: ModelSize, params: TrainingParams, hardware: HardwareProfile, length: int, tokens: Tokens
) -> Training:
    """Return what decides the memory of a stage.

    Args:
        size: the model.
        params: settings of the stage.
        hardware: the profile.
        length: tokens of a packed sequence.
        tokens: what it reads.
    """
    micro_batch = micro_batch_size(params.batch_size, hardware)
    trained = what_is_trained(size, params, hardware)
    return Training(
        size=size,
        hardware=hardware,
        trained=trained.weights,
        adapters=trained.adapters,
        frozen_bytes=trained.frozen_bytes,
        loaded_bytes=trained.loaded_bytes,
        is_half=trained.is_half,
        micro_batch=micro_batch,
        accumulation=params.batch_size // (micro_batch * hardware.world_size),
        length=length,
        predicted=min(tokens.predicted, length),
    )


def _lora(size: ModelSize, params: LoraParams, hardware: HardwareProfile) -> Trained:
    layers = LINEAR_LAYERS[size.architecture]
    targets = layers if params.target_modules == "all-linear" else tuple(params.target_modules)
    use_dora, is_nf4 = params.use_dora, params.base_precision == "nf4"
    shapes = [size.linear[name] for name in targets]
    per_block = sum(params.rank * (inputs + outputs) + outputs * use_dora for inputs, outputs in shapes)
    whole = {"embed_tokens": size.embeddings, "word_embeddings": size.embeddings, "lm_head": size.embeddings}
    saved = sum(whole.get(name, size.layers * size.hidden) for name in params.modules_to_save or [])
    is_half = hardware.precision != "fp32"
    # torch's dropout keeps a float per number on a processor, a byte on a GPU
    mask = (4 if hardware.device == "cpu" else 1) if params.dropout else 0
    name = f"{'DoRA' if use_dora else 'LoRA'}, rank {params.rank}, on {', '.join(targets)}"
    if params.modules_to_save:
        name += f", and {', '.join(params.modules_to_save)}"
    # as they are loaded (belle.train.lora)
    is_cut = hardware.zero_stage == 3 and hardware.precision == "bf16" and not (use_dora or params.modules_to_save)
    frozen = _frozen(size, 2 if is_half else 4, is_nf4)
    return Trained(
        weights=size.layers * per_block + saved,
        adapters=Adapters(targets, params.rank, mask),
        frozen_bytes=frozen,
        # nothing if the files, which are mapped, hold them in this precision
        loaded_bytes=4 * size.embeddings if is_cut else frozen,
        is_half=is_half,
        name=name + (", base in NF4" if is_nf4 else ""),
    )


def _frozen(size: ModelSize, width: int, is_nf4: bool) -> float:
    if not is_nf4:
        return width * size.parameters
    # one layer at a time becomes `width` bytes a weight
    largest = max(inputs * outputs for inputs, outputs in size.linear.values())
    return NF4_BYTES * size.linear_weights + width * (size.parameters - size.linear_weights + largest)
