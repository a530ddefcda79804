"""Print packed rows with their loss mask, to see what a model is trained on."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from belle.errors import UserError
from belle.tokenizer.load import read_tokenizer
from belle.tokenizer.token_rows import PackedRow, TokenRows

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

LEARNED, PROMPT, BORDER = "bold green", "dim", "blue"


def show_rows(tokens: Path, split: str, count: int) -> None:
    """Print the first `count` packed rows of data/tokens: learned tokens green, the others dim.

    Raises:
        UserError: nothing has been tokenized yet, or there is no such split.
    """
    if not (tokens / split / "rows.npy").exists():
        raise UserError(f"{tokens / split}: no tokens here; run `dvc repro tokenize`, and choose split train or eval")
    tokenizer = read_tokenizer(tokens / "tokenizer")
    rows, console = TokenRows(tokens / split), Console()
    for index in range(min(count, len(rows))):
        row = rows[index]
        console.rule(f"row {index}: {len(row.ids)} tokens, {len(row.lengths)} segments, {row.trained.sum()} learned")
        console.print(render_row(row, tokenizer))


def render_row(row: PackedRow, tokenizer: "PreTrainedTokenizerBase") -> Text:
    """The row as coloured text, one run of equal mask decoded at once, `│` between segments."""
    text, start = Text(), 0
    for length in row.lengths:
        end = start + int(length)
        while start < end:
            learned, stop = row.trained[start], start
            while stop < end and row.trained[stop] == learned:
                stop += 1
            text.append(tokenizer.decode(row.ids[start:stop]), LEARNED if learned else PROMPT)
            start = stop
        text.append(" │\n", BORDER)
    return text
