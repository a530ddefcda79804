"""What a training stage leaves beside its model: the numbers at the end, and curves as DVCLive writes them."""

from pathlib import Path
from typing import Any

from belle.files import read_json_object, write_json

SUMMARY = "metrics.json"
"""Steps and tokens done, and the last losses."""
CURVES = Path("plots/metrics")
"""One NAME.tsv per curve: step, NAME."""
CURVE_NAMES = ("loss", "eval_loss", "learning_rate")


def add_to_summary(logs: Path, values: dict[str, Any]) -> None:
    """Add values to the summary that a training has written."""
    write_json(logs / SUMMARY, read_json_object(logs / SUMMARY, "run the stage again") | values)
