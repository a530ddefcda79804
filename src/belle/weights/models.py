"""Load a model of the chain into memory, adapters merged in fp32."""

from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, PreTrainedModel
from transformers.utils import logging

from belle.errors import UserError
from belle.weights.links import locate

logging.set_verbosity_error()
logging.disable_progress_bar()


def load_model(link: Path, attention: str = "sdpa") -> PreTrainedModel:
    """Load a link of the model chain as one fp32 model on CPU.

    Adapters are merged in memory and in fp32: a small update stored in bf16 loses up to 29 % of itself.

    Raises:
        UserError: nothing there, or weights that transformers cannot read.
    """
    files = locate(link)
    try:
        model = AutoModelForCausalLM.from_pretrained(
            files.base, dtype=torch.float32, attn_implementation=attention, local_files_only=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{files.base}: cannot load this model: {' '.join(str(error).split())}") from error
    for adapter in files.adapters:
        model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    return model
