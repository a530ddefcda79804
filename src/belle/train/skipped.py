"""Outputs of a skipped training stage: a pointer to its input checkpoint, and metrics of zero steps."""

from pathlib import Path

from belle.checkpoints.resolve import write_pointer
from belle.files import write_json


def write_skipped(stage: str, target: Path, checkpoint: Path, metrics_dir: Path) -> None:
    """Write a pointer, and metrics of zero steps with empty curves.

    Args:
        stage: `pretrain` or `train`, the root of its metrics.
        target: the directory of the stage's checkpoint.
        checkpoint: the one it would have trained.
        metrics_dir: existing directory.
    """
    write_pointer(target, checkpoint)
    write_json(metrics_dir / "metrics.json", {stage: {"steps": 0, "tokens_seen": 0}})
    plots = metrics_dir / "plots" / "metrics"
    plots.mkdir(parents=True)
    for curve in ("loss", "eval_loss", "learning_rate"):
        (plots / f"{curve}.tsv").write_text(f"step\t{curve}\n", encoding="utf-8")
