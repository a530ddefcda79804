"""What a training stage leaves when it is switched off: a reference, and metrics that say so."""

from pathlib import Path

from belle.files import fresh_directory, write_json
from belle.weights.gate import write_reference


def switch_off(stage: str, target: Path, link: Path, environment: dict[str, str]) -> None:
    """Make `target` a reference to `link` and write metrics/STAGE with zero steps and empty curves."""
    write_reference(target, link)
    with fresh_directory(Path("metrics") / stage) as metrics_dir:
        write_json(metrics_dir / "metrics.json", {stage: {"steps": 0, "tokens_seen": 0}})
        write_json(metrics_dir / "speed.json", {stage: {"seconds": 0.0}})
        write_json(metrics_dir / "environment.json", environment)
        curves = metrics_dir / "plots" / "metrics" / stage
        curves.mkdir(parents=True)
        for curve in ("loss", "eval_loss", "learning_rate"):
            (curves / f"{curve}.tsv").write_text(f"step\t{curve}\n", encoding="utf-8")
