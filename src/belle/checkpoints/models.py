"""Load a model of the chain into memory, adapters merged in fp32; save models and adapters."""

import shutil
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError

import torch
from peft import PeftModel
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, PreTrainedModel
from transformers.utils import logging

from belle.checkpoints.older_names import add_older_names
from belle.checkpoints.resolve import ADAPTER_CONFIG, CONFIG, resolve_checkpoint
from belle.errors import UserError

BROKEN = (OSError, ValueError, LookupError, RuntimeError, EOFError, SafetensorError, UnpicklingError, struct.error)
"""What safetensors, `torch.load` and transformers raise on files that are missing, cut off or spoiled."""

logging.set_verbosity_error()
logging.disable_progress_bar()
# peft 0.21 asks transformers 5.23 by the older of two names, whenever an adapter is added or merged
warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)


def load_model(checkpoint: Path, attention: str | None = None) -> PreTrainedModel:
    """Load a checkpoint of the model chain as one fp32 model on CPU.

    `attention` names the implementation, None leaves it to transformers. Adapters are merged in memory and in fp32:
    a small update stored in bf16 loses up to 29 % of itself.

    Raises:
        UserError: nothing there, or weights that transformers cannot read or that are incomplete.
    """
    files = resolve_checkpoint(checkpoint)
    model = _base(files.base, attention)
    for adapter in files.adapters:
        with readable(adapter):
            model = PeftModel.from_pretrained(model, adapter, local_files_only=True).merge_and_unload()
    return model


def save_weights(model: PreTrainedModel | PeftModel, directory: Path) -> None:
    """Write a model, or the adapter of a PEFT model, in fp32 as safetensors with its configuration.

    The configuration of a model is readable for transformers 4 too.
    """
    model.save_pretrained(directory)
    config = directory / (ADAPTER_CONFIG if isinstance(model, PeftModel) else CONFIG)
    if config.name == CONFIG:
        add_older_names(config)
    # safetensors makes its files readable for their owner alone
    for path in directory.glob("*.safetensors"):
        shutil.copymode(config, path)


def _base(directory: Path, attention: str | None) -> PreTrainedModel:
    with readable(directory):
        model, found = AutoModelForCausalLM.from_pretrained(
            directory,
            dtype=torch.float32,
            attn_implementation=attention,
            local_files_only=True,
            output_loading_info=True,
        )
    # transformers would fill them with random numbers
    if missing := sorted(found["missing_keys"]):
        raise UserError(f"{directory}: {len(missing)} weights are missing, such as {missing[0]}; get the model again")
    return model


@contextmanager
def readable(directory: Path) -> Iterator[None]:
    """Turn what loaders raise on broken or missing weights into a UserError that names `directory`."""
    try:
        yield
    except BROKEN as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(f"{directory}: cannot load this model: {reason}") from error
