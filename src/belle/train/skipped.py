"""Outputs of a skipped training stage: a pointer to its input checkpoint, and logs of zero steps."""

from pathlib import Path

from belle.checkpoints.resolve import write_pointer
from belle.files import write_json
from belle.train.logs import CURVES, SUMMARY


def write_skipped(target: Path, checkpoint: Path, logs: Path) -> None:
    """Write a pointer, and logs of zero steps with empty curves.

    Args:
        target: the directory of the stage's checkpoint.
        checkpoint: the one it would have trained.
        logs: existing directory.
    """
    write_pointer(target, checkpoint)
    write_json(logs / SUMMARY, {"steps": 0, "tokens_seen": 0})
    (logs / CURVES).mkdir(parents=True)
    for curve in ("loss", "eval_loss", "learning_rate"):
        (logs / CURVES / f"{curve}.tsv").write_text(f"step\t{curve}\n", encoding="utf-8")
