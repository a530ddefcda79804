"""What an extended vocabulary changes: tokens per line, and text without Chinese characters, which must not change."""

from collections.abc import Iterable
from typing import Any

from transformers import PreTrainedTokenizerBase

from belle.tokenizer.extension.han import others
from belle.tokenizer.plain_text import ids_of

FULL_WIDTH = "，。！？：；（）【】《》“”‘’、…—～１２ＡＢ　"
"""Characters that NFKC folds to ASCII, or that only Chinese text uses."""


def measure(old: PreTrainedTokenizerBase, new: PreTrainedTokenizerBase, texts: Iterable[list[str]]) -> dict[str, Any]:
    """Return counts over texts that no token was learned from.

    `tokens_per_line_before` and `_after` are means over lines that are not blank. `other_parts` is how many stretches
    without Chinese characters were compared (words, numbers, punctuation, whole lines), `other_parts_changed` how many
    of them get other ids, `full_width_kept` whether full-width characters come back as they were.
    """
    lines = tokens_before = tokens_after = parts = changed = 0
    for batch in texts:
        found = [line for text in batch for line in text.splitlines() if line.strip()]
        lines += len(found)
        tokens_before += sum(map(len, ids_of(old, found)))
        tokens_after += sum(map(len, ids_of(new, found)))
        stretches = [part for line in found for part in others(line)]
        parts += len(stretches)
        pairs = zip(ids_of(old, stretches), ids_of(new, stretches), strict=True)
        changed += sum(before != after for before, after in pairs)
    return {
        "lines": lines,
        "tokens_per_line_before": round(tokens_before / max(1, lines), 2),
        "tokens_per_line_after": round(tokens_after / max(1, lines), 2),
        "other_parts": parts,
        "other_parts_changed": changed,
        "full_width_kept": kept(new, FULL_WIDTH),
    }


def kept(tokenizer: PreTrainedTokenizerBase, characters: str) -> bool:
    """Return whether every character comes back from its ids as it was."""
    encoded = ids_of(tokenizer, [*characters])
    # a space before the text is SentencePiece's own
    return all(tokenizer.decode(ids).lstrip(" ") == one for one, ids in zip(characters, encoded, strict=True))
