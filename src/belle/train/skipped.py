"""Outputs of a skipped training stage: a pointer to its input checkpoint, and logs of zero steps."""

from pathlib import Path

from belle.checkpoints.resolve import write_pointer
from belle.environment import environment
from belle.files import fresh_directory, write_json
from belle.speed import measure
from belle.train.logs import CURVE_NAMES, CURVES, SUMMARY


def write_skipped(stage: str, target: Path, checkpoint: Path, logs: Path) -> None:
    """Write a pointer, and logs of zero steps with empty curves.

    Args:
        stage: `pretrain` or `train`.
        target: the directory of the stage's checkpoint.
        checkpoint: the one it would have trained.
        logs: the directory of its logs.
    """
    with measure(stage, logs) as speed, fresh_directory(logs) as folder:
        write_pointer(target, checkpoint)
        write_json(folder / SUMMARY, {"steps": 0, "tokens_seen": 0})
        (folder / CURVES).mkdir(parents=True)
        for curve in CURVE_NAMES:
            (folder / CURVES / f"{curve}.tsv").write_text(f"step\t{curve}\n", encoding="utf-8")
        speed.environment = environment()
