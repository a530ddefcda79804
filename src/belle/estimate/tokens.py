"""How much a training stage reads: packed sequences, tokens, and the share of them in the loss."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from belle.config.data import DataProfile
from belle.config.experiment import Experiment
from belle.data.packed_dataset import PackedDataset
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


def conversation_tokens(experiment: Experiment, profiles: dict[str, DataProfile], per_row: int) -> Tokens:
    """Return those of the train stage: of data/tokens where it is of this experiment, else of the published rows.

    Args:
        experiment: params.yaml.
        profiles: data profiles by name.
        per_row: tokens of a conversation, assumed for data that is not there.
    """
    length = experiment.tokenize.max_length
    if _is_there(experiment):
        packed = PackedDataset(TOKENS / "train")
        counts = np.add.reduceat(packed.loss_mask, packed.segments[packed.sequences[:-1]], dtype=np.int64)
        return Tokens(len(packed), len(packed.ids), float(counts.max()), str(TOKENS))
    return _published([profiles[name] for name in experiment.data.sources], experiment.data.limit, per_row, length)


def text_tokens(experiment: Experiment, profiles: dict[str, DataProfile], per_row: int) -> Tokens:
    """Return those of the pretrain stage, by the published rows; every token is in the loss."""
    texts, length = experiment.data.texts, experiment.pretrain.max_length
    return _published([profiles[name] for name in texts.sources], texts.limit, per_row, length)


def _published(profiles: Iterable[DataProfile], limit: int | None, per_row: int, length: int) -> Tokens:
    rows = [profile.rows if limit is None else min(profile.rows or limit, limit) for profile in profiles]
    known = [count for count in rows if count is not None]
    if len(known) < len(rows):
        return Tokens(None, None, length, "unknown: not every data profile names its rows")
    tokens = sum(known) * per_row
    assumed = f"{sum(known):,} rows of {per_row} tokens (assumed), all in the loss"
    return Tokens(-(-tokens // length), tokens, length, assumed)


def _is_there(experiment: Experiment) -> bool:
    """Return whether data/tokens was made of this experiment's data, model and length."""
    wanted: dict[str, Any] = {"model.json": experiment.model.profile, "conversations.json": experiment.data.sources}
    meta = TOKENS / "meta.json"
    if not meta.exists() or any(not (CHECKED / name).exists() for name in wanted):
        return False
    model, data = (read_json_object(CHECKED / name, "run `dvc repro check`") for name in wanted)
    found = {"model.json": model.get("name"), "conversations.json": [one["name"] for one in data["sources"]]}
    length = read_json_object(meta, "run `dvc repro tokenize`").get("max_length")
    return found == wanted and data["limit"] == experiment.data.limit and length == experiment.tokenize.max_length
