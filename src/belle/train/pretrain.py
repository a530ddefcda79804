"""Continued training on plain text: every token is in the loss, and no text attends to another."""

from pathlib import Path
from tempfile import TemporaryDirectory

from transformers import PreTrainedModel

from belle.checkpoints.models import load_model, save_weights
from belle.checkpoints.resolve import architecture, resolve_checkpoint
from belle.config.hardware import HardwareProfile
from belle.config.pretrain import PretrainParams, Trainable
from belle.data.packed_dataset import PackedDataset
from belle.data.tokenize_texts import tokenize_texts
from belle.files import read_json_object, write_json
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.save import save_tokenizer
from belle.train.logs import SUMMARY
from belle.train.trainer import attention_for, run_trainer


def pretrain(
    checkpoint: Path,
    texts: Path,
    params: PretrainParams,
    hardware: HardwareProfile,
    seed: int,
    out: Path,
    logs: Path,
) -> dict[str, int]:
    """Train a checkpoint on plain texts, save it with its tokenizer; return the tokens and steps done.

    Args:
        checkpoint: the checkpoint to start from.
        texts: data/clean/texts.parquet.
        params: section `pretrain`.
        hardware: how a batch is computed.
        seed: of packing and training order.
        out: existing directory that receives the model.
        logs: existing directory for summary and curves.
    """
    tokenizer = load_tokenizer(checkpoint)
    model = load_model(checkpoint, attention_for(architecture(resolve_checkpoint(checkpoint))))
    choose_trainable(model, params.trainable)
    # beside the output: the system's temporary folder may be small, or memory
    with TemporaryDirectory(dir=out) as scratch:
        mixture = tokenize_texts(texts, tokenizer, params, seed, Path(scratch))
        train, held_out = PackedDataset(Path(scratch) / "train"), PackedDataset(Path(scratch) / "eval")
        work = run_trainer(model, train, held_out, params, hardware, seed=seed, stage="pretrain", logs=logs)
    if mixture:
        write_json(logs / SUMMARY, read_json_object(logs / SUMMARY, "run the stage again") | {"mixture": mixture})
    save_weights(model, out)
    save_tokenizer(tokenizer, out)
    return work


def choose_trainable(model: PreTrainedModel, trainable: Trainable) -> None:
    """Freeze every weight that `trainable` does not name; the optimizer then keeps no state of it.

    `embeddings` are the input embeddings, and lm_head where it is the same matrix (tied embeddings).
    """
    if trainable == "all":
        return
    model.requires_grad_(False)
    model.get_input_embeddings().weight.requires_grad_(True)
    if trainable == "embeddings+lm_head":
        model.get_output_embeddings().weight.requires_grad_(True)
