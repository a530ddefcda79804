"""Rows that GPTQ measures activations on: the project's own training conversations, as they were trained on."""

from pathlib import Path

import numpy as np

from belle.errors import UserError
from belle.tokenizer.token_rows import TokenRows


def calibration_rows(tokens: Path, count: int) -> list[list[int]]:
    """Return the token ids of `count` conversations, spread evenly over those in `tokens`; of all when fewer.

    Raises:
        UserError: there are none.
    """
    rows = TokenRows(tokens)
    segments = len(rows.segments) - 1
    if segments == 0:
        raise UserError(f"{tokens}: no training conversations to calibrate on; see why `tokenize` dropped them")
    chosen = np.arange(min(count, segments)) * segments // min(count, segments)
    return [rows.ids[rows.segments[index] : rows.segments[index + 1]].tolist() for index in chosen]
