"""How much a training stage reads: packed sequences, tokens, and the share of them in the loss."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from belle.config.base import load_profile
from belle.config.data import DataProfile
from belle.config.experiment import Experiment
from belle.config.mixture import Mixture, mixture_parts
from belle.data.packed_dataset import PackedDataset
from belle.data.selection import budgets
from belle.files import read_json_object

TOKENS, CHECKED = Path("data/tokens"), Path("data/check")


@dataclass(frozen=True)
class Tokens:
    """What is trained on in one epoch.

    Attributes:
        sequences: packed sequences; None when unknown.
        tokens: of all of them; None when unknown.
        predicted: most tokens in the loss of one sequence.
        source: where the numbers come from, for people.
    """

    sequences: int | None
    tokens: int | None
    predicted: float
    source: str


def conversation_tokens(experiment: Experiment, per_row: int) -> Tokens:
    """Return those of the train stage: of data/tokens where it is of this experiment, else of the published rows.

    Args:
        experiment: params.yaml.
        per_row: tokens of a conversation, assumed for data that is not there.
    """
    length = experiment.tokenize.max_length
    if _is_there(experiment):
        packed = PackedDataset(TOKENS / "train")
        counts = np.add.reduceat(packed.loss_mask, packed.segments[packed.sequences[:-1]], dtype=np.int64)
        return Tokens(len(packed), len(packed.ids), float(counts.max()), str(TOKENS))
    parts = mixture_parts(experiment.data.sources)
    rows = _published([part.source for part in parts], experiment.data.limit)
    if rows is not None:
        total = sum(budgets(rows, parts))
        rows = [min(total, experiment.tokenize.train_conversations or total)]
    return _assumed(rows, per_row, length)


def text_tokens(experiment: Experiment, per_row: int) -> Tokens:
    """Return those of the pretrain stage, by the published rows; every token is in the loss."""
    texts = experiment.data.texts
    return _assumed(_published(texts.sources, texts.limit), per_row, experiment.pretrain.max_length)


def _published(sources: Iterable[str], limit: int | None) -> list[int] | None:
    """Return the rows of each source as its profile names them, at most `limit`; None when one names none."""
    rows = [load_profile(DataProfile, "data", name).rows or limit for name in sources]
    return None if None in rows else [min(count, limit or count) for count in rows if count is not None]


def _assumed(rows: list[int] | None, per_row: int, length: int) -> Tokens:
    if rows is None:
        return Tokens(None, None, length, "unknown: not every data profile names its rows")
    tokens = sum(rows) * per_row
    assumed = f"{sum(rows):,} rows of {per_row} tokens (assumed), all in the loss"
    return Tokens(-(-tokens // length), tokens, length, assumed)


def _is_there(experiment: Experiment) -> bool:
    """Return whether data/tokens was made of this experiment's data, model and length."""
    parts = mixture_parts(experiment.data.sources)
    wanted: dict[str, Any] = {"model.json": experiment.model.profile, "mixture.json": Mixture(parts=parts).model_dump()}
    written = [*wanted, "conversations.json"]
    meta = TOKENS / "meta.json"
    if not meta.exists() or any(not (CHECKED / name).exists() for name in written):
        return False
    model, mixture, data = (read_json_object(CHECKED / name, "run `dvc repro check`") for name in written)
    made = read_json_object(meta, "run `dvc repro tokenize`")
    tokenize = experiment.tokenize
    return (
        {"model.json": model.get("name"), "mixture.json": mixture} == wanted
        and data["limit"] == experiment.data.limit
        and made.get("max_length") == tokenize.max_length
        and made.get("train_conversations") == tokenize.train_conversations
    )
