"""Outputs of a skipped training stage: a pointer to its input checkpoint, and metrics of zero steps."""

from pathlib import Path

from belle.checkpoints.resolve import write_pointer
from belle.files import write_json


def write_skipped(stage: str, target: Path, checkpoint: Path, metrics_dir: Path) -> None:
    """Write a pointer to `checkpoint` as `target`, and zero steps and empty curves into `metrics_dir`."""
    write_pointer(target, checkpoint)
    write_json(metrics_dir / "metrics.json", {stage: {"steps": 0, "tokens_seen": 0}})
    plots = metrics_dir / "plots" / "metrics"
    plots.mkdir(parents=True)
    for curve in ("loss", "eval_loss", "learning_rate"):
        (plots / f"{curve}.tsv").write_text(f"step\t{curve}\n", encoding="utf-8")
