import json
import sys
from types import SimpleNamespace

import pytest

from belle.errors import UserError
from belle.files import sha256_of
from belle.speed import measure, record


@pytest.fixture
def result(tmp_path, monkeypatch):
    """A result in a repository root."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "result").write_text("one")
    return tmp_path / "result"


def recorded(result, **others):
    return record(result.parent / "speed.json", {"generate": sha256_of(result)} | others)


def test_counts_come_with_their_rates_memory_and_device(result):
    with measure("generate", result) as speed:
        speed.count("answers", 30)
        speed.count_all({"tokens": 300})
    (measured,) = recorded(result).values()
    units = {"answers", "answers_per_second", "tokens", "tokens_per_second"}
    assert set(measured) == {"result", "seconds", "peak_memory_mb", "device"} | units
    assert (measured["answers"], measured["tokens"], measured["device"]) == (30, 300, "cpu")
    assert measured["tokens_per_second"] == pytest.approx(10 * measured["answers_per_second"], rel=0.01)
    # this process holds an interpreter, not gigabytes
    assert 10 < measured["peak_memory_mb"] < 100_000


def test_an_environment_is_recorded_where_a_stage_gives_one(result):
    with measure("generate", result) as speed:
        speed.environment = {"python": "3.11"}
    assert recorded(result)["generate"]["environment"] == {"python": "3.11"}


def test_nothing_is_kept_when_the_work_fails(result):
    with pytest.raises(ValueError, match="broken"), measure("generate", result):
        raise ValueError("broken")
    assert recorded(result)["generate"]["seconds"] is None


def test_the_measurement_of_an_equal_result_does_not_replace_the_recorded_one(result):
    for units in (1, 2):
        with measure("generate", result) as speed:
            speed.count("answers", units)
        before = recorded(result)
    assert before["generate"]["answers"] == 1


def test_another_result_has_its_own_measurement_and_the_first_one_comes_back_with_its_result(result):
    for text, units in (("one", 1), ("two", 2)):
        result.write_text(text)
        with measure("generate", result) as speed:
            speed.count("answers", units)
        assert recorded(result)["generate"]["answers"] == units
    result.write_text("one")
    assert recorded(result)["generate"]["answers"] == 1


def test_a_result_from_elsewhere_has_no_seconds_until_it_is_measured_here(result):
    assert recorded(result) == {"generate": {"result": sha256_of(result), "seconds": None}}
    with measure("generate", result):
        pass
    assert recorded(result)["generate"]["seconds"] is not None


def test_a_measurement_that_is_asked_for_no_more_leaves_the_record(result):
    assert set(recorded(result, other="0")) == {"generate", "other"}
    assert set(recorded(result)) == {"generate"} == set(json.loads((result.parent / "speed.json").read_text()))


def test_a_broken_record_is_named_with_its_remedy(result):
    (result.parent / "speed.json").write_text("<<<<<<< HEAD")
    with pytest.raises(UserError, match=r"speed\.json: .*git checkout"):
        recorded(result)


@pytest.mark.parametrize(("allocated", "device"), [(0, "cpu"), (3_000_000, "Some GPU")])
def test_a_gpu_is_named_only_when_it_was_used(result, monkeypatch, allocated, device):
    cuda = SimpleNamespace(
        is_available=lambda: True, max_memory_allocated=lambda: allocated, get_device_name=lambda _: "Some GPU"
    )
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    with measure("generate", result):
        pass
    (measured,) = recorded(result).values()
    assert measured["device"] == device
    assert (measured["peak_memory_mb"] == 3) == (device == "Some GPU")
