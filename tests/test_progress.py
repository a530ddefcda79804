"""Progress without a terminal; pytest captures standard error, so there is none."""

import pytest

from belle.progress import progress


def lines(capsys) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_finished_work_is_one_line(capsys):
    with progress("tokenize", 3, "conversations") as bar:
        for _ in range(3):
            bar.advance()
    (line,) = lines(capsys)
    assert line.startswith("tokenize: 3/3 conversations")


def test_the_last_note_is_shown(capsys):
    with progress("train", 2, "steps") as bar:
        bar.advance(note="loss 2.000")
        bar.advance(note="loss 1.000")
    assert lines(capsys)[-1].endswith("loss 1.000")


def test_work_of_unknown_length_shows_what_is_done(capsys):
    with progress("import") as bar:
        bar.advance(250)
    assert "250" in lines(capsys)[-1]


def test_bytes_are_shown_with_prefixes(capsys):
    with progress("download", 5_000_000, "bytes") as bar:
        bar.advance(5_000_000)
    assert "5.00M/5.00M bytes" in lines(capsys)[-1]


def test_a_failure_shows_how_far_the_work_got(capsys):
    with pytest.raises(ValueError, match="stop"), progress("train", 3, "steps") as bar:
        bar.advance(2)
        raise ValueError("stop")
    assert "2/3 steps" in lines(capsys)[-1]
