import os
from pathlib import Path

import pytest

from belle.errors import UserError
from belle.locks import lock
from belle.train.checkpoints import complete_checkpoints, seconds_trained, training_checkpoints, write_contents


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    return tmp_path


def killed(learning_rate: float) -> Path:
    """Leave the checkpoint of a training that was killed."""
    with (
        pytest.raises(KeyboardInterrupt),
        training_checkpoints("train", {"learning_rate": learning_rate}, []) as folder,
    ):
        checkpoint = folder / "checkpoint-4"
        (checkpoint / "global_step4").mkdir(parents=True)
        (checkpoint / "optimizer.pt").write_bytes(bytes(100))
        (checkpoint / "global_step4" / "states.pt").write_bytes(bytes(50))
        write_contents(checkpoint, 2.5)
        raise KeyboardInterrupt
    return checkpoint


def test_a_killed_training_finds_its_checkpoint_and_deletes_it_in_the_end(capsys):
    checkpoint = killed(0.1)
    with training_checkpoints("train", {"learning_rate": 0.1}, []) as folder:
        assert complete_checkpoints(folder) == [checkpoint]
        assert seconds_trained(folder) == 2.5
    assert "goes on from the checkpoint of step 4 " in capsys.readouterr().err
    assert not folder.exists()


@pytest.mark.parametrize("name", ["optimizer.pt", "global_step4/states.pt", "contents.json"])
@pytest.mark.parametrize("size", [None, 10])
def test_a_spoiled_checkpoint_is_refused_and_kept(name, size):
    """The Trainer goes on without the optimizer's states where it finds none."""
    path = killed(0.1) / name
    path.unlink() if size is None else os.truncate(path, size)
    with pytest.raises(UserError) as refused, training_checkpoints("train", {"learning_rate": 0.1}, []):
        pass
    message = str(refused.value)
    assert message.startswith(f"{path}: ") and message.endswith(
        "; delete this checkpoint's folder, and the training begins anew"
    )
    assert path.parent.exists()


def test_a_note_names_the_trainings_that_were_ended_and_not_one_that_runs(capsys):
    killed(0.1)
    running = killed(0.2).parent
    handle = lock(running)
    with training_checkpoints("train", {"learning_rate": 0.3}, []):
        pass
    os.close(handle)
    assert " has 0.0 GB of checkpoints of other trainings that were ended (1); " in capsys.readouterr().err
