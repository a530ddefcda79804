import json
from pathlib import Path

import pytest

from belle.train.off import switch_off
from belle.weights.gate import read_reference


@pytest.mark.parametrize("stage", ["pretrain", "train"])
def test_a_stage_that_is_off_leaves_a_reference_and_empty_curves(stage: str, tmp_path: Path) -> None:
    target, metrics = tmp_path / "models" / "here", tmp_path / "metrics"
    metrics.mkdir()
    switch_off(stage, target, Path("models/before"), metrics)
    assert read_reference(target) == Path("models/before")
    assert sorted(path.name for path in metrics.iterdir()) == ["metrics.json", "plots"]
    assert json.loads((metrics / "metrics.json").read_text()) == {stage: {"steps": 0, "tokens_seen": 0}}
    curves = {path.name: path.read_text() for path in (metrics / "plots" / "metrics" / stage).iterdir()}
    assert curves == {f"{name}.tsv": f"step\t{name}\n" for name in ("loss", "eval_loss", "learning_rate")}
