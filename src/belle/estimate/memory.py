"""Memory of training on one device, by part, at the moment of a step when it is highest."""

from dataclasses import dataclass

from belle.config.hardware import LOGITS_AT_ONCE, HardwareProfile
from belle.estimate.activations import Adapters, Numbers, block_bytes
from belle.estimate.model_size import ModelSize

NF4_BYTES = 4.127 / 8
"""Per weight: 4 bits, and the scales of blocks of 64 in 8 bits (Dettmers et al. 2023, arXiv 2305.14314)."""
LOSS_BYTES = 12
"""Per logit at the start of the backward pass: its logarithm and two gradients, in fp32."""
BUCKET = 5 * 10**8
"""Numbers that DeepSpeed exchanges at once (`reduce_bucket_size`, `allgather_bucket_size`)."""
LIVE = 10**9
"""Weights that ZeRO's stage 3 holds whole at a time (`stage3_max_live_parameters`)."""
LIBRARIES = {"cpu": 0.5e9, "cuda": 1.0e9}
"""Beside all tensors: Python and its libraries on a processor; CUDA's context and the workspaces of its libraries."""


@dataclass(frozen=True)
class Training:
    """What decides the memory of a training stage.

    Attributes:
        size: the model.
        hardware: the profile.
        trained: weights that are trained.
        adapters: what is kept for them; None when all weights are trained.
        frozen_bytes: of the weights that are not trained.
        loaded_bytes: main memory of a process that loads the model.
        is_half: the weights that the residual stream flows through are in half precision.
        micro_batch: packed sequences per forward pass.
        accumulation: forward passes per optimizer step.
        length: tokens of a packed sequence.
        predicted: tokens of a sequence that are in the loss.
    """

    size: ModelSize
    hardware: HardwareProfile
    trained: int
    adapters: Adapters | None
    frozen_bytes: float
    loaded_bytes: float
    is_half: bool
    micro_batch: int
    accumulation: int
    length: int
    predicted: float

    @property
    def numbers(self) -> Numbers:
        """Bytes of the numbers: under autocast the residual stream of fp32 weights stays fp32."""
        half = self.hardware.precision != "fp32"
        return Numbers(
            compute=2 if half else 4,
            residual=2 if self.is_half else 4,
            casts=half and not self.is_half,
            fused=self.hardware.fused_kernels and self.hardware.device == "cuda",
        )


@dataclass(frozen=True)
class Memory:
    """Bytes on one device.

    Attributes:
        parts: name to bytes, at the moment when their sum is highest.
        moment: which one it is.
        host: bytes of main memory that the processes of a node need beside it, at their highest; 0 on a processor.
    """

    parts: dict[str, float]
    moment: str
    host: float

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return sum(self.parts.values())


def training_memory(training: Training) -> Memory:
    """Return the memory of a training step on one device."""
    states = _states(training)
    moments = {name: states | parts for name, parts in _moments(training, states["gradients"]).items()}
    moment = max(moments, key=lambda name: sum(moments[name].values()))
    return Memory(moments[moment] | {"libraries": LIBRARIES[training.hardware.device]}, moment, _host(training))


def _states(training: Training) -> dict[str, float]:
    """Return what stays from step to step, shared by the processes as ZeRO does (arXiv 1910.02054)."""
    hardware, trained = training.hardware, training.trained
    stage, processes = hardware.zero_stage, hardware.world_size
    weights = training.frozen_bytes + 4 * trained
    # AdamW's two moments; ZeRO steps on a copy of the weights
    optimizer = 12 * trained / processes if stage else 8 * trained
    # DDP's buckets, or ZeRO's two
    communication = 4 * 2 * min(trained, BUCKET) if stage else 4 * trained * (processes > 1)
    if stage == 3:
        together = weights * min(1, LIVE / training.size.parameters)
        weights = together + (0 if hardware.offload_optimizer else weights / processes)
    return {
        "weights": weights,
        "gradients": _shared(training, 4 * trained),
        "optimizer": 0 if hardware.offload_optimizer else optimizer,
        "communication": communication,
    }


def _shared(training: Training, gradients: float) -> float:
    """Return what one process keeps of gradients: from stage 2 on its share."""
    return gradients / (training.hardware.world_size if training.hardware.zero_stage >= 2 else 1)


def _host(training: Training) -> float:
    """Return the main memory of a node with GPUs: while it loads, or while it trains and gathers what it saves.

    DeepSpeed offloads AdamW's moments and the weights it steps on, each in fp32, and gradients twice: as they add up,
    and as the optimizer reads them. At stage 3 the weights of the model are there too, below it a copy of those that
    go back to the GPU.
    """
    hardware, trained = training.hardware, training.trained
    if hardware.device == "cpu":
        return 0
    weights, is_cut = training.frozen_bytes + 4 * trained, hardware.zero_stage == 3
    offloaded = (20 * trained + (weights if is_cut else 4 * trained)) / hardware.num_nodes
    # the first process gathers what stage 3 has cut
    training_bytes = offloaded * hardware.offload_optimizer + weights * is_cut
    processes = hardware.num_processes
    return max(processes * training.loaded_bytes, training_bytes) + processes * LIBRARIES["cpu"]


def _moments(training: Training, gradients: float) -> dict[str, dict[str, float]]:
    """Return the parts that change within a step, at each moment that may be the highest.

    Gradients of an earlier forward pass of the same step are there from its beginning; otherwise they grow as
    activations go. Autograd adds the gradients of tied embeddings up beside the sum.
    """
    size, numbers, trains_all = training.size, training.numbers, training.adapters is None
    tokens, checkpointing = training.micro_batch * training.length, training.hardware.gradient_checkpointing
    block = tokens * block_bytes(size, numbers, training.adapters, training.length)
    stored = size.layers * (tokens * size.hidden * numbers.residual if checkpointing else block)
    # the last norm, and the input of the output layer
    output = tokens * size.hidden * (2 * numbers.residual + numbers.compute * trains_all)
    # gradients with respect to the activations of one block
    passing = tokens * numbers.compute * (3 * size.inner + 2 * size.hidden)
    all_logits = training.micro_batch * training.predicted * size.vocabulary
    # stage 3 has cut the output layer into parts
    is_chunked = all_logits > LOGITS_AT_ONCE and training.hardware.zero_stage < 3
    logits = LOSS_BYTES * (LOGITS_AT_ONCE if is_chunked else all_logits)
    casts = 2 * (size.linear_weights + size.embeddings) * numbers.casts
    block_casts = 2 * size.linear_weights / size.layers * numbers.casts
    embeddings = _shared(training, 4 * size.embeddings) * trains_all
    one_block = _shared(training, 4 * size.linear_weights / size.layers) if trains_all else gradients / size.layers
    again = training.accumulation > 1
    earlier = gradients * again
    nearly = gradients - one_block - (0 if size.tied else embeddings)
    sums = again + size.tied * (1 if numbers.casts else 2)
    return {
        # chunks add up gradients of the output layer
        "loss": _parts(earlier + 2 * embeddings * is_chunked, stored + output, logits, casts),
        "last block": _parts(
            earlier + embeddings, stored + passing + block * checkpointing, 0, block_casts if checkpointing else casts
        ),
        "first block": _parts(max(earlier, nearly), block + passing, 0, block_casts),
        "gradients of the embeddings": _parts(gradients + sums * embeddings, 0, 0, 0),
        "optimizer step": _parts(gradients, 0, 0, 0),
    }


def _parts(gradients: float, activations: float, logits: float, casts: float) -> dict[str, float]:
    return {"gradients": gradients, "activations": activations, "logits and loss": logits, "weight casts": casts}
