"""The name under which a server has to serve a checkpoint, and the command that makes it.

The name holds a digest of the weights: no other model answers by mistake, and no reply of another one is taken for its.
"""

from pathlib import Path

from belle.checkpoints.adapters import read_base_precision, weights_digest
from belle.checkpoints.resolve import ADAPTER_CONFIG, resolve_checkpoint
from belle.files import read_json_object

DIGITS = 12
"""Of the digest in a served model's name."""


def served_name(checkpoint: Path) -> str:
    """Return the name under which a server has to serve a checkpoint: `belle-` and a digest of its weights."""
    return f"belle-{weights_digest(resolve_checkpoint(checkpoint))[:DIGITS]}"


def start_command(checkpoint: Path) -> str:
    """Return how a server is started with a checkpoint: vLLM, or llama.cpp for adapters that vLLM cannot apply."""
    files, name = resolve_checkpoint(checkpoint), served_name(checkpoint)
    parts = [f"vllm serve {files.base} --generation-config vllm"]
    if files.tokenizer != files.base:
        parts.append(f"--tokenizer {files.tokenizer}")
    if not files.adapters:
        return " ".join([*parts, f"--served-model-name {name}"])
    adapter = files.adapters[-1]
    config = read_json_object(adapter / ADAPTER_CONFIG, "train it again")
    is_plain = not config.get("use_dora") and not config.get("modules_to_save")
    if len(files.adapters) > 1 or not is_plain or read_base_precision(adapter) == "nf4":
        return f"python -m llama_cpp.server --model models/quantized/gguf-f16/model.gguf --model_alias {name}"
    # vLLM has room for ranks of 8, 16, 32, …
    most = max(8, 1 << (config["r"] - 1).bit_length())
    return " ".join([*parts, f"--enable-lora --max-lora-rank {most} --lora-modules {name}={adapter}"])
