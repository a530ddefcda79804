"""Load GPTQ checkpoints for inference."""

from pathlib import Path

import torch

from belle.checkpoints.models import readable
from belle.evaluate.backends.hugging_face import HuggingFaceModel
from belle.libraries.gptqmodel_import import import_gptqmodel, quiet


def load_gptq(directory: Path, batch_size: int) -> HuggingFaceModel:
    """Load a GPTQ directory with gptqmodel's own loader.

    On a GPU its kernel computes in fp16. On the CPU, where no kernel is faster than plain matrices, the weights
    are expanded once and computed with in fp32.

    Raises:
        UserError: weights that are missing, cut off or not readable.
    """
    gptqmodel = import_gptqmodel()
    cuda = torch.cuda.is_available()
    # "eager": it would compile each layer's expansion with a C++ compiler, for a minute
    with readable(directory), quiet(), torch.compiler.set_stance("force_eager"):
        model = gptqmodel.GPTQModel.load(
            str(directory),
            device="cuda" if cuda else "cpu",
            backend=gptqmodel.BACKEND.AUTO if cuda else gptqmodel.BACKEND.TORCH,
            dtype=torch.float16,
        ).model
        if not cuda:
            from gptqmodel.nn_modules.qlinear.torch import dequantize_model

            model = dequantize_model(model).float()
    return HuggingFaceModel(model, batch_size)
