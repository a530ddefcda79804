import json
from pathlib import Path

import pytest

from belle.checkpoints.resolve import read_pointer
from belle.train.skipped import write_skipped


@pytest.mark.parametrize("stage", ["pretrain", "train"])
def test_a_skipped_stage_leaves_a_pointer_and_empty_curves(stage, tmp_path):
    target, metrics = tmp_path / "models" / "here", tmp_path / "metrics"
    metrics.mkdir()
    write_skipped(stage, target, Path("models/before"), metrics)
    assert read_pointer(target) == Path("models/before")
    assert sorted(path.name for path in metrics.iterdir()) == ["metrics.json", "plots"]
    assert json.loads((metrics / "metrics.json").read_text()) == {stage: {"steps": 0, "tokens_seen": 0}}
    curves = {path.name: path.read_text() for path in (metrics / "plots" / "metrics").iterdir()}
    assert curves == {f"{name}.tsv": f"step\t{name}\n" for name in ("loss", "eval_loss", "learning_rate")}
