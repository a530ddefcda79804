"""Training speed on a CPU: packed sequences as this repository trains them, and the Hugging Face Trainer's ways.

    python benchmarks/training.py CONVERSATIONS.json [--rows 1400] [--hidden 192] [--layers 4] [--out RESULT.json]

CONVERSATIONS.json is a file of alpaca records. Every way trains the same random model on the same rows for one epoch
with the same loss mask, and ends with a held-out loss. TRL's way is left out where TRL is not installed.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from belle.libraries.block_imports import block_imports

block_imports("gptqmodel", "torchao", "bitsandbytes", "deepspeed")

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerBase, Trainer, TrainingArguments, set_seed

from belle.config.base import load_params, load_profile
from belle.config.hardware import HardwareProfile
from belle.config.train import FullFinetuneParams
from belle.data.packed_dataset import PackedDataset, PackedDatasetWriter
from belle.environment import environment
from belle.mini.model import write_model
from belle.tokenizer.encode import ChatEncoder, Encoded, EncodingError
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.template import TEMPLATES
from belle.train.attention import PACKED
from belle.train.batches import micro_batch_size
from belle.train.callbacks import mean_loss
from belle.train.collator import IGNORED, FlatCollator
from belle.train.trainer import run_trainer

LENGTH, BATCH, HELD_OUT = 512, 16, 64
LEARNING_RATE = 1e-3
Rows = list[dict[str, list[int]]]


def read_rows(path: Path, count: int) -> tuple[list[Encoded], PreTrainedTokenizerBase]:
    """Encode the first conversations that fit, as BELLE's template writes them; return the tokenizer too."""
    with tempfile.TemporaryDirectory() as folder:
        write_model(Path(folder), "mini")
        tokenizer = load_tokenizer(Path(folder))
    tokenizer.chat_template = TEMPLATES["belle"]
    records = json.loads(path.read_text(encoding="utf-8"))
    messages = [
        [
            {"role": "user", "content": "\n".join(filter(None, (one["instruction"], one.get("input"))))},
            {"role": "assistant", "content": one["output"]},
        ]
        for one in records
    ]
    encoded = [one for one in ChatEncoder(tokenizer).encode_batch(messages) if not isinstance(one, EncodingError)]
    usable = [one for (one,) in encoded if len(one.ids) <= LENGTH and one.loss_mask[1:].any()]
    return usable[:count], tokenizer


def new_model(vocabulary: int, hidden: int, layers: int, attention: str) -> LlamaForCausalLM:
    """Return the same random model for every way."""
    set_seed(1)
    config = LlamaConfig(
        vocab_size=vocabulary, hidden_size=hidden, intermediate_size=hidden * 8 // 3 // 32 * 32,
        num_hidden_layers=layers, num_attention_heads=max(1, hidden // 64), tie_word_embeddings=True,
        max_position_embeddings=LENGTH, initializer_range=hidden**-0.5, attn_implementation=attention,
    )  # fmt: skip
    return LlamaForCausalLM(config)


def padded(to: int | None) -> Callable[[Rows], dict[str, torch.Tensor]]:
    """Return a collator that pads to `to` tokens, or to the longest row of a batch."""

    def collate(rows: Rows) -> dict[str, torch.Tensor]:
        def column(name: str, filler: int) -> torch.Tensor:
            made = pad_sequence([torch.tensor(row[name]) for row in rows], batch_first=True, padding_value=filler)
            return torch.nn.functional.pad(made, (0, (to or 0) - made.shape[1]), value=filler) if to else made

        return {
            "input_ids": column("input_ids", 0),
            "labels": column("labels", IGNORED),
            "attention_mask": column("attention_mask", 0),
        }

    return collate


def arguments(folder: str, **options: Any) -> dict[str, Any]:
    """Return what the Trainer's ways share."""
    shared = {
        "output_dir": folder, "per_device_train_batch_size": BATCH, "num_train_epochs": 1, "seed": 1,
        "learning_rate": LEARNING_RATE, "lr_scheduler_type": "cosine", "warmup_steps": 0.05, "use_cpu": True,
        "save_strategy": "no", "report_to": "none", "disable_tqdm": True, "remove_unused_columns": False,
        "logging_strategy": "no", "dataloader_pin_memory": False,
    }  # fmt: skip
    return shared | options


def train_padded(model: LlamaForCausalLM, rows: Rows, to: int | None, strategy: str) -> None:
    """Train as BELLE did: a row per conversation."""
    with tempfile.TemporaryDirectory() as folder:
        options = TrainingArguments(**arguments(folder, train_sampling_strategy=strategy))
        Trainer(model, options, padded(to), _Rows(rows)).train()


class _Rows(torch.utils.data.Dataset):
    """Rows with the column that the Trainer sorts by."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> dict[str, list[int]]:
        return self.rows[index]


def train_trl(model: LlamaForCausalLM, rows: Rows, tokenizer: PreTrainedTokenizerBase) -> None:
    """Train with TRL's packing; its conversations see each other where FlashAttention is missing."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    with tempfile.TemporaryDirectory() as folder:
        own = {
            "packing": True, "max_length": LENGTH, "per_device_train_batch_size": 4, "remove_unused_columns": True,
            "completion_only_loss": True, "bf16": False, "gradient_checkpointing": False,
        }  # fmt: skip
        made = Dataset.from_list(
            [
                {"input_ids": row["input_ids"], "completion_mask": [int(label != IGNORED) for label in row["labels"]]}
                for row in rows
            ]
        )
        options = SFTConfig(**arguments(folder, **own))
        SFTTrainer(model, args=options, train_dataset=made, processing_class=tokenizer).train()


def train_packed(model: LlamaForCausalLM, packed: PackedDataset, held_out: PackedDataset) -> None:
    """Train as the stage `train` does."""
    params = load_params(FullFinetuneParams, "train.ft")
    settings = {"batch_size": 4, "epochs": 1, "learning_rate": LEARNING_RATE, "weight_decay": 0.0}
    hardware = load_profile(HardwareProfile, "hardware", "cpu")
    with tempfile.TemporaryDirectory() as logs, tempfile.TemporaryDirectory() as checkpoints:
        run_trainer(
            model, packed, held_out, params.model_copy(update=settings), hardware, seed=1, stage="train",
            logs=Path(logs), checkpoints=Path(checkpoints),
        )  # fmt: skip


def pack(rows: Iterable[Encoded], folder: Path) -> PackedDataset:
    folder.mkdir()
    with PackedDatasetWriter(folder, LENGTH, seed=1) as writer:
        for number, one in enumerate(rows):
            writer.add(one.ids, one.loss_mask, number)
    return PackedDataset(folder)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("conversations", type=Path)
    parser.add_argument("--rows", type=int, default=1400)
    parser.add_argument("--hidden", type=int, default=192)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    encoded, tokenizer = read_rows(options.conversations, options.rows + HELD_OUT)
    train, test = encoded[HELD_OUT:], encoded[:HELD_OUT]
    vocabulary = -(-int(max(one.ids.max() for one in encoded) + 1) // 64) * 64
    rows = [
        {
            "input_ids": one.ids.tolist(),
            "labels": np.where(one.loss_mask, one.ids, IGNORED).tolist(),
            "attention_mask": [1] * len(one.ids),
        }
        for one in train
    ]
    with tempfile.TemporaryDirectory() as folder:
        packed, held_out = pack(train, Path(folder) / "train"), pack(test, Path(folder) / "eval")
        ways: dict[str, tuple[str, Callable[[LlamaForCausalLM], None]]] = {
            "ours": (PACKED, lambda model: train_packed(model, packed, held_out)),
            "sorted by length": ("sdpa", lambda model: train_padded(model, rows, None, "group_by_length")),
            "padded to the longest": ("sdpa", lambda model: train_padded(model, rows, None, "random")),
            "padded to the maximum": ("sdpa", lambda model: train_padded(model, rows, LENGTH, "random")),
        }
        if find_spec("trl"):
            ways["TRL, packed"] = ("sdpa", lambda model: train_trl(model, rows, tokenizer))
        tokens = sum(len(one.ids) for one in train)
        results = {}
        for name, (attention, way) in ways.items():
            model = new_model(vocabulary, options.hidden, options.layers, attention)
            # processor seconds: other work on the machine disturbs them less
            start = time.process_time()
            way(model)
            seconds = time.process_time() - start
            model.config._attn_implementation = PACKED
            loss = mean_loss(model.float(), held_out, FlatCollator(), 4)
            results[name] = {"tokens_per_second": round(tokens / seconds), "held_out_loss": round(loss, 3)}
            ratio = results["ours"]["tokens_per_second"] / results[name]["tokens_per_second"]
            results[name]["ours_is_faster_by"] = round(ratio, 2)
            print(f"{name:24} {tokens / seconds:8.0f} tokens/s, ours {ratio:.2f} x, held-out loss {loss:.3f}")
    size = sum(weights.numel() for weights in model.parameters())
    report = {
        "parameters": size, "rows": len(rows), "tokens": tokens, "mean_tokens": round(tokens / len(rows)),
        "micro_batch_size": micro_batch_size(4, load_profile(HardwareProfile, "hardware", "cpu")), "ways": results,
        "environment": environment(),
    }  # fmt: skip
    if options.out:
        options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
