import pytest

from belle.config.check import find_problems
from belle.config.checkpoints import CHECKPOINTS, comes_after


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_every_checkpoint_can_be_evaluated(change, checkpoint):
    change("params.yaml", {"checkpoint": checkpoint, "pretrain.enabled": False})
    assert find_problems() == []


def test_what_is_no_checkpoint_is_refused(change):
    change("params.yaml", {"checkpoint": "../trainde"})
    (line,) = find_problems()
    assert line.startswith("params.yaml: checkpoint: ")
    assert "mean trained?" in line


def test_checkpoints_behind_the_evaluated_one_come_after_it():
    assert comes_after("trained", "pretrained")
    assert not comes_after("pretrained", "trained")
    assert not comes_after("base", "base")
