"""What a training stage leaves when it is switched off: a reference, and metrics that say so."""

from pathlib import Path

from belle.files import write_json
from belle.weights.gate import write_reference


def switch_off(stage: str, target: Path, link: Path, metrics_dir: Path) -> None:
    """Make `target` a reference to `link`; write zero steps and empty curves into the existing `metrics_dir`."""
    write_reference(target, link)
    write_json(metrics_dir / "metrics.json", {stage: {"steps": 0, "tokens_seen": 0}})
    curves = metrics_dir / "plots" / "metrics" / stage
    curves.mkdir(parents=True)
    for curve in ("loss", "eval_loss", "learning_rate"):
        (curves / f"{curve}.tsv").write_text(f"step\t{curve}\n", encoding="utf-8")
