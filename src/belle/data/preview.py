"""Print packed sequences with their loss mask, to see what a model is trained on."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from belle.data.packed_dataset import PackedDataset, PackedSequence
from belle.errors import UserError
from belle.tokenizer.load import read_tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

IN_LOSS, PROMPT, BORDER = "bold green", "dim", "blue"


def show_sequences(tokens: Path, split: str, count: int) -> None:
    """Print the first `count` packed sequences of data/tokens: tokens in the loss green, the others dim.

    Raises:
        UserError: nothing has been tokenized yet, or there is no such split.
    """
    if not (tokens / split / "sequences.npy").exists():
        raise UserError(f"{tokens / split}: no tokens here; run `dvc repro tokenize`, and choose split train or eval")
    tokenizer = read_tokenizer(tokens / "tokenizer")
    packed, console = PackedDataset(tokens / split), Console()
    for index in range(min(count, len(packed))):
        sequence = packed[index]
        console.rule(
            f"sequence {index}: {len(sequence.ids)} tokens, {len(sequence.lengths)} segments, "
            f"{sequence.loss_mask.sum()} in the loss"
        )
        console.print(render_sequence(sequence, tokenizer))


def render_sequence(sequence: PackedSequence, tokenizer: "PreTrainedTokenizerBase") -> Text:
    """Return the text of a sequence, colored by its loss mask, with `│` between segments."""
    text, start = Text(), 0
    for length in sequence.lengths:
        end = start + int(length)
        while start < end:
            in_loss, stop = sequence.loss_mask[start], start
            # a run of equal mask is decoded at once: one character may take several tokens
            while stop < end and sequence.loss_mask[stop] == in_loss:
                stop += 1
            text.append(tokenizer.decode(sequence.ids[start:stop]), IN_LOSS if in_loss else PROMPT)
            start = stop
        text.append(" │\n", BORDER)
    return text
