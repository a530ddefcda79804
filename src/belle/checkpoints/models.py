"""Load a model of the chain into memory, adapters merged in fp32; save models and adapters."""

import shutil
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Literal

import torch
from peft import PeftModel
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from belle.checkpoints.adapters import NF4, read_base_precision, refuse_changed_base
from belle.checkpoints.nf4 import round_to_nf4
from belle.checkpoints.older_names import add_older_names
from belle.checkpoints.precision import unfit_weight
from belle.checkpoints.resolve import ADAPTER_CONFIG, CONFIG, resolve_checkpoint
from belle.errors import UserError

BROKEN = (OSError, ValueError, LookupError, RuntimeError, EOFError, SafetensorError, UnpicklingError, struct.error)
"""What safetensors, `torch.load` and transformers raise on files that are missing, cut off or spoiled."""

ADAPTER = "default"
"""Name of the adapter that is trained and saved; PEFT's own."""

logging.set_verbosity_error()
logging.disable_progress_bar()
# peft 0.21 asks transformers 5.23 by the older of two names, whenever an adapter is added or merged
warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)


def load_model(
    checkpoint: Path, attention: str | None = None, *, as_stored: bool = False, device: torch.device | None = None
) -> PreTrainedModel:
    """Load a checkpoint of the model chain as one fp32 model.

    Adapters are merged in memory and in fp32: a small update stored in bf16 loses up to 29 % of itself. One that was
    trained on an NF4 base is merged into the values of that base, because they are what it corrects.

    Args:
        checkpoint: the model.
        attention: name of the implementation, None leaves it to transformers.
        as_stored: keep the stored precision where no adapter is merged. Files of safetensors are mapped then, and
            take no memory that the kernel cannot take back.
        device: that receives the weights one by one, and where adapters are merged; None is the CPU.

    Raises:
        UserError: nothing there, weights that transformers cannot read or that are incomplete, or an adapter of
            another base.
    """
    files = resolve_checkpoint(checkpoint)
    refuse_changed_base(files)
    model = load_base(files.base, attention, "auto" if as_stored and not files.adapters else torch.float32, device)
    if any(read_base_precision(adapter) == NF4 for adapter in files.adapters):
        round_to_nf4(model)
    for adapter in files.adapters:
        with readable(adapter):
            model = PeftModel.from_pretrained(model, adapter, local_files_only=True).merge_and_unload()
    return model


def load_base(
    directory: Path,
    attention: str | None = None,
    dtype: torch.dtype | Literal["auto"] = torch.float32,
    device: torch.device | None = None,
) -> PreTrainedModel:
    """Load a directory with full weights, tensor by tensor: no second copy is in memory.

    Args:
        directory: of the weights.
        attention: name of the implementation, None leaves it to transformers.
        dtype: precision to hold them in; `auto` is the one they are stored in.
        device: that receives them; None is the CPU.

    Raises:
        UserError: weights that transformers cannot read or that are incomplete.
    """
    with readable(directory):
        model, found = AutoModelForCausalLM.from_pretrained(
            directory,
            dtype=dtype,
            device_map=device,
            attn_implementation=attention,
            local_files_only=True,
            output_loading_info=True,
        )
    # transformers would fill them with random numbers
    if missing := sorted(found["missing_keys"]):
        raise UserError(f"{directory}: {len(missing)} weights are missing, such as {missing[0]}; get the model again")
    return model


def save_weights(model: PreTrainedModel | PeftModel, directory: Path, dtype: torch.dtype | None = None) -> None:
    """Write a model, or the adapter of a PEFT model, as safetensors with its configuration.

    The configuration of a model is readable for transformers 4 too.

    Args:
        model: cast in place when `dtype` is given: no second copy is in memory.
        directory: that receives it.
        dtype: precision to store in; None is the model's own.

    Raises:
        UserError: a weight that `dtype` cannot hold.
    """
    if dtype is not None:
        if name := unfit_weight(model, dtype):
            raise UserError(
                f"weight {name} is too large for {dtype}; set save_precision in params.yaml to bf16 or fp32"
            )
        model.to(dtype)
    if isinstance(model, PeftModel):
        # earlier adapters may stay beside the base; the embeddings of the base are not resized here
        model.save_pretrained(directory, selected_adapters=[ADAPTER], save_embedding_layers=False)
    else:
        model.save_pretrained(directory)
    config = directory / (ADAPTER_CONFIG if isinstance(model, PeftModel) else CONFIG)
    if config.name == CONFIG:
        add_older_names(config)
    # safetensors makes its files readable for their owner alone
    for path in directory.glob("*.safetensors"):
        shutil.copymode(config, path)


def refuse_larger_tokenizer(model: PreTrainedModel | PeftModel, tokenizer: PreTrainedTokenizerBase, at: Path) -> None:
    """Check that a model has a row for every token.

    Raises:
        UserError: the tokenizer at `at` has tokens beyond the embedding.
    """
    rows = model.get_input_embeddings().num_embeddings
    if len(tokenizer) > rows:
        raise UserError(
            f"{at}: this tokenizer has {len(tokenizer)} tokens, the model's embedding {rows} rows; take the tokenizer "
            "that belongs to the model"
        )


@contextmanager
def readable(directory: Path) -> Iterator[None]:
    """Turn what loaders raise on broken or missing weights into a UserError that names `directory`."""
    try:
        yield
    except BROKEN as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(f"{directory}: cannot load this model: {reason}") from error
