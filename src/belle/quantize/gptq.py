"""GPTQ (Frantar et al. 2022, arXiv 2210.17323) with gptqmodel; auto-gptq can load the result."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, get_args

import torch
from transformers import PreTrainedModel

from belle.checkpoints.models import load_model, save_weights
from belle.checkpoints.older_names import add_older_names
from belle.checkpoints.resolve import CONFIG, architecture, resolve_checkpoint
from belle.config.model import LINEAR_LAYERS, Architecture
from belle.config.quantize import GptqParams
from belle.errors import UserError
from belle.libraries.gptqmodel_import import import_gptqmodel, quiet
from belle.progress import progress
from belle.quantize.gptq_time import slow_notice
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.save import save_tokenizer

KEPT = (CONFIG, "quantize_config.json", "model*.safetensors*")
"""What is taken over from gptqmodel: it also writes a log with times and a changed tokenizer."""
SAMPLES_PER_BATCH = 8


def quantize_gptq(checkpoint: Path, bits: int, params: GptqParams, samples: Sequence[list[int]], out: Path) -> None:
    """Quantize the linear layers in the transformer blocks of a checkpoint of the model chain.

    Symmetric, stored as `format: gptq` (version 1 of the layout). Everything else is stored in fp16, as GPTQ
    kernels compute in it. Tokenizer, chat template and generation settings go with the model.

    Args:
        checkpoint: the model; adapters are merged in fp32 first.
        bits: 4 or 8.
        params: group size and activation order.
        samples: token ids from `calibration_samples`.
        out: existing directory that receives the model.

    Raises:
        UserError: an architecture, a group size or weights that do not fit, or a model that cannot be loaded.
    """
    _refuse_unknown(checkpoint)
    # before PEFT does it, loudly
    gptqmodel = import_gptqmodel()
    tokenizer = load_tokenizer(checkpoint)
    with TemporaryDirectory(dir=out, prefix=".merged-") as scratch:
        merged, quantized = Path(scratch) / "merged", Path(scratch) / "quantized"
        model = load_model(checkpoint)
        _refuse_group_size(model, params.group_size)
        _refuse_not_finite(model, "is not a number; look at the training curve")
        _refuse_unknown_tokens(model, samples)
        _announce(model, samples)
        settings = model.generation_config
        save_weights(model, merged)
        save_tokenizer(tokenizer, merged)
        # gptqmodel loads its own
        del model
        _quantize(gptqmodel, merged, quantized, bits, params, samples)
        for path in sorted(path for pattern in KEPT for path in quantized.glob(pattern)):
            shutil.move(path, out)
    add_older_names(out / CONFIG)
    save_tokenizer(tokenizer, out)
    settings.save_pretrained(out)


def _quantize(
    gptqmodel: ModuleType, source: Path, target: Path, bits: int, params: GptqParams, samples: Sequence[list[int]]
) -> None:
    config = gptqmodel.QuantizeConfig(
        bits=bits,
        group_size=params.group_size,
        desc_act=params.act_order,
        sym=True,
        # its reordering inside groups needs groups
        **({"act_group_aware": False} if params.group_size == -1 else {}),
        # its other way to pack compiles C++ for half a minute on first use
        pack_impl="original",
        # a path of its own choosing would get into the outputs
        offload_to_disk=False,
        # layers that cannot be calibrated must not be rounded to nearest silently
        fallback=None,
    )
    examples = [{"input_ids": ids, "attention_mask": [1] * len(ids)} for ids in samples]
    source, target = source.resolve(), target.resolve()
    # it writes a folder of logs wherever it stands
    with chdir(source.parent), quiet(), _one_thread():
        # fp32: the Hessians of a small model are sensitive to rounding
        model = gptqmodel.GPTQModel.load(str(source), config, dtype=torch.float32)
        with _layer_progress(model):
            model.quantize(examples, batch_size=SAMPLES_PER_BATCH)
        _untie(model.model)
        model.model.half()
        model.model.config.dtype = torch.float16
        _refuse_not_finite(model.model, "is too large for fp16, which GPTQ needs; choose a gguf scheme instead")
        model.save(str(target))


def _untie(model: PreTrainedModel) -> None:
    """Give the output layer a copy of the embeddings it shares: auto-gptq ties no weights when it loads a model."""
    shared = model.get_input_embeddings().weight
    if model.get_output_embeddings().weight is shared:
        model.get_output_embeddings().weight = torch.nn.Parameter(shared.detach().clone())
        model.config.tie_word_embeddings = False


def _announce(model: PreTrainedModel, samples: Sequence[list[int]]) -> None:
    """Say beforehand when there is little to calibrate on, or when it will take long; on a GPU it does not."""
    layers, tokens = [layer for _, layer in _quantized_layers(model)], sum(map(len, samples))
    # the Hessian of a layer is a sum of one matrix of rank 1 per token
    if tokens < (widest := max(layer.in_features for layer in layers)):
        print(
            f"note: GPTQ calibrates on {tokens} tokens, fewer than the {widest} inputs of the widest layer: set "
            "quantize.calibration.tokens in params.yaml to several times that",
            file=sys.stderr,
        )
    weights = sum(layer.weight.numel() for layer in layers)
    if not torch.cuda.is_available() and (notice := slow_notice(weights, tokens)):
        print(notice, file=sys.stderr)


def _quantized_layers(model: PreTrainedModel) -> Iterator[tuple[str, torch.nn.Linear]]:
    names = LINEAR_LAYERS[model.config.model_type]
    return ((name, layer) for name, layer in model.named_modules() if name.rpartition(".")[2] in names)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread without a GPU: sums split over several threads round differently and change the bytes."""
    threads = torch.get_num_threads()
    if not torch.cuda.is_available():
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def _layer_progress(model: Any) -> Iterator[None]:
    """Show the layers done while gptqmodel works."""
    with progress("GPTQ", model.model.config.num_hidden_layers, "layers") as bar:

        def layer_complete(layer_idx: int, submodule_finalized: bool) -> None:
            if submodule_finalized:
                bar.advance()

        model.layer_callback = layer_complete
        yield


def _refuse_unknown(checkpoint: Path) -> None:
    files = resolve_checkpoint(checkpoint)
    if (found := architecture(files)) not in get_args(Architecture):
        known = ", ".join(get_args(Architecture))
        raise UserError(f"{files.base}: GPTQ is not supported for architecture {found!r}; supported are {known}")


def _refuse_group_size(model: PreTrainedModel, group_size: int) -> None:
    """Refuse a group size that leaves a shorter last group: auto-gptq's layout has none."""
    for name, layer in _quantized_layers(model):
        if group_size != -1 and layer.in_features % group_size:
            raise UserError(
                f"params.yaml: quantize.gptq.group_size: {group_size} does not divide the {layer.in_features} "
                f"inputs of {name}; choose a divisor, or -1 for whole rows"
            )


def _refuse_not_finite(model: torch.nn.Module, problem: str) -> None:
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise UserError(f"weights {name}: a value {problem}")


def _refuse_unknown_tokens(model: PreTrainedModel, samples: Sequence[list[int]]) -> None:
    vocabulary, largest = model.get_input_embeddings().num_embeddings, max(map(max, samples))
    if largest >= vocabulary:
        raise UserError(
            f"calibration samples: token {largest} is beyond this model's {vocabulary}: encoded by another tokenizer; "
            "quantize the model that train.init_from names, or one trained from it"
        )
