import json
from pathlib import Path

from belle.checkpoints.resolve import read_pointer
from belle.train.skipped import write_skipped


def test_a_skipped_stage_leaves_a_pointer_and_empty_curves(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    target, logs = Path("models/here"), Path("logs")
    write_skipped("train", target, Path("models/before"), logs)
    assert read_pointer(target) == Path("models/before")
    assert sorted(path.name for path in logs.iterdir()) == ["metrics.json", "plots"]
    assert json.loads((logs / "metrics.json").read_text()) == {"steps": 0, "tokens_seen": 0}
    curves = {path.name: path.read_text() for path in (logs / "plots" / "metrics").iterdir()}
    assert curves == {f"{name}.tsv": f"step\t{name}\n" for name in ("loss", "eval_loss", "learning_rate")}
