"""Instruction tuning: all weights, or LoRA adapters on frozen ones."""

import shutil
from pathlib import Path

from transformers import set_seed

from belle.config.train import HardwareProfile, TrainParams
from belle.files import write_json
from belle.tokenizer.token_rows import TokenRows
from belle.train.fit import attention_for, fit
from belle.train.lora import add_adapters, save_adapters
from belle.weights.gate import REFERENCE
from belle.weights.links import architecture, locate
from belle.weights.models import load_model, save_weights


def tune(
    params: TrainParams, hardware: HardwareProfile, seed: int, tokens: Path, out: Path, metrics_dir: Path
) -> dict[str, int]:
    """Train the link named by `train.from` on data/tokens, save it into `out`; return the tokens and steps done.

    The tokenizer of data/tokens goes with the model, so that it answers in the template it was trained in.
    """
    link = Path("models") / params.from_
    model = load_model(link, attention_for(architecture(locate(link))))
    train, held_out = TokenRows(tokens / "train"), TokenRows(tokens / "eval")
    set_seed(seed)
    if params.method == "lora":
        model = add_adapters(model, params.lora)
    schedule = params.lora if params.method == "lora" else params.ft
    done = fit(model, train, held_out, schedule, hardware, seed=seed, stage="train", metrics_dir=metrics_dir)
    if params.method == "lora":
        save_adapters(model, out)
        write_json(out / REFERENCE, {"path": link.as_posix()})
    else:
        save_weights(model, out)
    shutil.copytree(tokens / "tokenizer", out, dirs_exist_ok=True)
    return done
