import json
import sys
from types import SimpleNamespace

import pytest

from belle.speed import measure


def test_counts_come_with_their_rates_memory_and_device(tmp_path):
    with measure(tmp_path / "metrics", "generate") as speed:
        speed.count("answers", 30)
        speed.count_all({"tokens": 300})
    (measured,) = json.loads((tmp_path / "metrics" / "speed.json").read_text())["speed"].values()
    units = {"answers", "answers_per_second", "tokens", "tokens_per_second"}
    assert set(measured) == {"seconds", "peak_memory_mb", "device"} | units
    assert (measured["answers"], measured["tokens"], measured["device"]) == (30, 300, "cpu")
    assert measured["tokens_per_second"] == pytest.approx(10 * measured["answers_per_second"], rel=0.01)
    # this process holds an interpreter, not gigabytes
    assert 10 < measured["peak_memory_mb"] < 100_000


def test_nothing_is_written_when_the_work_fails(tmp_path):
    with pytest.raises(ValueError, match="broken"), measure(tmp_path / "metrics", "generate"):
        raise ValueError("broken")
    assert not (tmp_path / "metrics").exists()


@pytest.mark.parametrize(("allocated", "device"), [(0, "cpu"), (3_000_000, "Some GPU")])
def test_a_gpu_is_named_only_when_it_was_used(tmp_path, monkeypatch, allocated, device):
    cuda = SimpleNamespace(
        is_available=lambda: True, max_memory_allocated=lambda: allocated, get_device_name=lambda _: "Some GPU"
    )
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    with measure(tmp_path, "train"):
        pass
    (measured,) = json.loads((tmp_path / "speed.json").read_text())["speed"].values()
    assert measured["device"] == device
    assert (measured["peak_memory_mb"] == 3) == (device == "Some GPU")
