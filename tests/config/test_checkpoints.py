import pytest

from belle.config.check import find_problems
from belle.config.checkpoints import CHECKPOINTS, comes_after


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_every_checkpoint_can_be_evaluated(change, checkpoint):
    change("params.yaml", {"checkpoint": checkpoint, "pretrain.enabled": False})
    assert find_problems() == []


def test_anything_else_is_refused(change):
    change("params.yaml", {"checkpoint": "../trainde"})
    (line,) = find_problems()
    assert line.startswith("params.yaml: checkpoint: ")
    assert "did you mean trained?" in line


def test_what_lies_behind_the_evaluated_checkpoint():
    assert comes_after("trained", "pretrained")
    assert not comes_after("base", "base")
