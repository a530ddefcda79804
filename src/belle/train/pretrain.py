"""Continued training on plain text: every token is in the loss, and no text attends to another."""

from pathlib import Path

from transformers import PreTrainedModel

from belle.checkpoints.models import refuse_larger_tokenizer, save_weights
from belle.checkpoints.precision import save_dtype
from belle.config.hardware import HardwareProfile
from belle.config.pretrain import PretrainParams, Trainable
from belle.data.packed_dataset import PackedDataset
from belle.data.tokenize_texts import MIXTURE, tokenize_texts
from belle.files import fresh_directory, read_json_object
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.save import save_tokenizer
from belle.train.deepspeed import gather_weights
from belle.train.load import load_trainable
from belle.train.logs import add_to_summary
from belle.train.trainer import run_trainer

TOKENS = "tokens"
"""Name of the packed sequences in a checkpoint directory: `train/` and `eval/`."""


def pretrain(
    checkpoint: Path,
    params: PretrainParams,
    hardware: HardwareProfile,
    seed: int,
    out: Path,
    logs: Path,
    checkpoints: Path,
) -> dict[str, int]:
    """Train a checkpoint on plain texts, save it with its tokenizer; return the tokens and steps done.

    Args:
        checkpoint: the checkpoint to start from.
        params: section `pretrain`.
        hardware: how a batch is computed.
        seed: of the training order.
        out: existing directory that receives the model.
        logs: existing directory for summary and curves.
        checkpoints: existing directory of what a killed run goes on from, and of what `prepare_tokens` wrote.
    """
    tokens = checkpoints / TOKENS
    model = load_trainable(checkpoint, hardware)
    tokenizer = load_tokenizer(checkpoint)
    refuse_larger_tokenizer(model, tokenizer, checkpoint)
    choose_trainable(model, params.trainable)
    train, held_out = PackedDataset(tokens / "train"), PackedDataset(tokens / "eval")
    trainer, work = run_trainer(
        model, train, held_out, params, hardware, seed=seed, stage="pretrain", logs=logs, checkpoints=checkpoints
    )
    if gather_weights(trainer):
        save_weights(model, out, save_dtype(params.save_precision, checkpoint))
        save_tokenizer(tokenizer, out)
        if params.mixture:
            add_to_summary(logs, {"mixture": read_json_object(tokens / MIXTURE, "run the stage again")})
    return work


def prepare_tokens(checkpoint: Path, texts: Path, params: PretrainParams, seed: int, checkpoints: Path) -> None:
    """Write the packed sequences of the texts into a checkpoint directory, unless they are there.

    They are written once, however many processes train, for however many epochs, and however often they go on.

    Args:
        checkpoint: whose tokenizer is used.
        texts: data/clean/texts.parquet.
        params: section `pretrain`.
        seed: of packing.
        checkpoints: existing directory.
    """
    if not (out := checkpoints / TOKENS).exists():
        with fresh_directory(out) as folder:
            tokenize_texts(texts, load_tokenizer(checkpoint), params, seed, folder)


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
