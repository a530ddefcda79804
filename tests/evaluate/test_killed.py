"""A run that is killed, wherever it is, loses no answer: the next one writes the same bytes."""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from belle import files
from belle.evaluate import generate
from belle.evaluate.backends.backend import Generation
from belle.evaluate.backends.hugging_face import HuggingFaceModel
from belle.evaluate.generate import generate_unquantized
from belle.evaluate.journal import Journal
from belle.evaluate.task import Task
from factories import contents, question

from .asking import generate_params, profile

PARAMS = generate_params()
QUESTIONS = [question(f"{number} + {number}?", f"{number} + {number}?", "2") for number in range(20)]
JOURNALS = Path(".dvc/tmp/answers")


def answer_all(checkpoint: Path, name: str) -> dict[str, bytes]:
    target = Path("eval") / name
    generate_unquantized(Task.prepare(checkpoint, QUESTIONS, PARAMS, profile()), target)
    return contents(target)


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_the_middle_of_a_line(journal: Journal, identity: str, generation: Generation) -> None:
    if len(journal.generations) == 9:
        journal._stream.write(b'{"id": "half')
        journal._stream.flush()
        die()
    ADD(journal, identity, generation)


def die_after_the_rename(target: Path, partial: Path) -> None:
    REPLACE(target, partial)
    die()


ADD, REPLACE = Journal.add, files._replace


@pytest.mark.parametrize(
    ("owner", "name", "ending", "kept", "is_there"),
    [
        (Journal, "add", die_in_the_middle_of_a_line, 9, False),
        (generate, "write_answers", die, 20, False),
        (generate, "reference_logits", die, 20, False),
        (generate, "write_json", die, 20, False),
        (files, "_replace", die, 20, False),
        (files, "_replace", die_after_the_rename, 20, True),
    ],
)
def test_the_next_run_goes_on_and_writes_the_same_bytes(
    owner: Any, name: str, ending: Callable, kept: int, is_there: bool, checkpoint, monkeypatch, capsys
):
    expected = answer_all(checkpoint, "whole")

    def answer_until_killed() -> None:
        setattr(owner, name, ending)
        answer_all(checkpoint, "unquantized")

    process = multiprocessing.get_context("fork").Process(target=answer_until_killed)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL and Path("eval/unquantized").exists() is is_there
    if kept == len(QUESTIONS):
        # nothing is generated again
        monkeypatch.setattr(HuggingFaceModel, "_generate", None)
    # dvc removes what a stage is to write
    shutil.rmtree("eval/unquantized", ignore_errors=True)
    assert answer_all(checkpoint, "unquantized") == expected
    assert f"goes on behind {kept} answers" in capsys.readouterr().err
    assert list(JOURNALS.iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"params": {"seed": 1}},
        {"params": {"max_new_tokens": 9}},
        {"decoding": {"repetition_penalty": 1.2}},
        {"questions": QUESTIONS[1:]},
        {"model": "another"},
        {"variant": "gptq-int4"},
    ],
)
def test_answers_to_something_else_are_not_taken(checkpoint, changes):
    def journal(model: str = "model", variant: str = "unquantized", questions=QUESTIONS, params=None, decoding=None):
        how = PARAMS.model_copy(update=params or {})
        return Task.prepare(checkpoint, questions, how, profile(**(decoding or {}))).journal(variant, model)

    with pytest.raises(KeyError), journal() as first:
        first.add("1 + 1?", Generation([5], "eos"))
        raise KeyError
    with journal(**changes) as other:
        assert other.generations == {}
    with journal(params={"batch_size": 1}) as same:
        assert set(same.generations) == {"1 + 1?"}
