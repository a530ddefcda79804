"""What a training stage leaves beside its model: the numbers at the end, and curves as DVCLive writes them."""

from pathlib import Path

SUMMARY = "metrics.json"
"""Steps and tokens done, and the last losses."""
CURVES = Path("plots/metrics")
"""One NAME.tsv per curve: step, NAME."""
CURVE_NAMES = ("loss", "eval_loss", "learning_rate")
