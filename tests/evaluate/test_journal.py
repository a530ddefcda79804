from pathlib import Path

import pytest

from belle.errors import UserError
from belle.evaluate.backends.backend import Generation
from belle.evaluate.journal import FOLDER, answer_journal

SETTINGS = {"model": "a", "prompts": [["q", [1, 2]]]}
FIRST, SECOND = Generation([5, 6], "eos"), Generation([], "turn")


class Ended(Exception):
    """What ends a run."""


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch) -> Path:
    """The experiment runs elsewhere than in the repository that it was started from."""
    (tmp_path / "copy").mkdir()
    monkeypatch.chdir(tmp_path / "copy")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    return tmp_path


def end_after(*answers: Generation, settings=SETTINGS) -> None:
    with pytest.raises(Ended), answer_journal("gguf-q8_0", settings) as journal:
        for number, answer in enumerate(answers):
            journal.add(f"q{number}", answer)
        raise Ended


def files(repository: Path) -> list[str]:
    return [path.name for path in (repository / FOLDER).iterdir()]


def test_a_run_that_was_ended_leaves_its_answers_and_a_complete_one_nothing(repository, capsys):
    end_after(FIRST, SECOND)
    assert [name.startswith("gguf-q8_0-") for name in files(repository)] == [True]
    with answer_journal("gguf-q8_0", SETTINGS) as journal:
        assert journal.generations == {"q0": FIRST, "q1": SECOND}
        assert 0 < journal.seconds_before < 5
        journal.add("q2", FIRST)
    assert "gguf-q8_0: goes on behind 2 answers" in capsys.readouterr().err
    assert files(repository) == []


def test_what_a_kill_cut_in_half_is_generated_again(repository):
    end_after(FIRST, SECOND)
    (name,) = files(repository)
    path = repository / FOLDER / name
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(Ended), answer_journal("gguf-q8_0", SETTINGS) as journal:
        assert journal.generations == {"q0": FIRST}
        journal.add("q1", SECOND)
        raise Ended
    with answer_journal("gguf-q8_0", SETTINGS) as journal:
        assert journal.generations == {"q0": FIRST, "q1": SECOND}


def test_other_settings_have_other_answers_and_a_run_that_gave_none_leaves_nothing(repository):
    end_after(FIRST)
    with answer_journal("gguf-q8_0", SETTINGS | {"model": "b"}) as journal:
        assert journal.generations == {}
    end_after(settings=SETTINGS | {"model": "b"})
    assert len(files(repository)) == 1


def test_two_processes_do_not_generate_the_same_answers():
    with answer_journal("gguf-q8_0", SETTINGS):
        second = answer_journal("gguf-q8_0", SETTINGS)
        with pytest.raises(UserError, match="another process"):
            second.__enter__()
