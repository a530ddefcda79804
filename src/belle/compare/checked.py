"""What the files of data/check depend on: the stage `check` records whole sections of params.yaml."""

from collections.abc import Mapping
from typing import Any

CHECKED = "data/check"
SECTIONS = {
    "model.json": ("model.profile",),
    "eval.json": ("evaluate.set",),
    "conversations.json": ("data.limit", "data.max_malformed", "data.sources"),
    "texts.json": ("data.texts", "data.max_malformed", "extend_vocab.enabled", "pretrain.enabled"),
    "mixture.json": ("data.sources",),
    "generate_data.json": ("generate_data", "seed"),
    "judge.json": ("evaluate.scorer", "evaluate.judge"),
}
"""The params that each file is written from (`belle.config.write_downloads`)."""
ELSEWHERE = ("evaluate.judge.budget", "generate_data.budget")
"""What no file holds."""


def checked_params(file: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file of data/check was written from, by dotted keys.

    Args:
        file: its path.
        params: flattened, with dotted keys.
    """
    sections = SECTIONS.get(file.removeprefix(f"{CHECKED}/"), ())
    if params.get("evaluate.scorer") == "metrics":
        sections = tuple(one for one in sections if one != "evaluate.judge")
    if "generate_data" in sections and not params.get("generate_data.enabled"):
        sections = ("generate_data.enabled",)
    return {key: value for key, value in params.items() if _below(key, sections) and not _below(key, ELSEWHERE)}


def _below(key: str, sections: tuple[str, ...]) -> bool:
    return any(key == one or key.startswith(f"{one}.") for one in sections)
