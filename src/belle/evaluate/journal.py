"""Answers as they come, on disk: a run that was ended goes on behind the last one.

A file per result, named by a digest of everything that decides it, below the repository that the experiment was started
from: queued experiments run in temporary copies of it. It is deleted once the result is complete.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from belle.errors import UserError
from belle.evaluate.backends.backend import Generation
from belle.fingerprint import fingerprint
from belle.locks import lock
from belle.repository import repository_root
from belle.words import counted

FOLDER = Path(".dvc/tmp/answers")
LIBRARIES = ("torch", "transformers", "gptqmodel", "llama-cpp-python", "numpy")


class Journal:
    """The answers to some questions, by id.

    Attributes:
        generations: those that are here.
        seconds_before: what it took runs that were ended to make them.
    """

    def __init__(self, path: Path) -> None:
        self.generations: dict[str, Generation] = {}
        self.seconds_before = 0.0
        complete = 0
        lines = path.read_bytes().splitlines(keepends=True)
        for line in lines:
            # a killed process may leave half a line
            if not line.endswith(b"\n"):
                break
            entry = json.loads(line)
            self.generations[entry["id"]] = Generation(entry["ids"], entry["stop"])
            self.seconds_before = entry["seconds"]
            complete += len(line)
        self._begin = time.perf_counter()
        self._stream = path.open("r+b")
        self._stream.truncate(complete)
        self._stream.seek(complete)

    def add(self, question: str, generation: Generation) -> None:
        """Keep the answer to a question."""
        self.generations[question] = generation
        seconds = self.seconds_before + time.perf_counter() - self._begin
        entry = {"id": question, "ids": generation.ids, "stop": generation.stop, "seconds": seconds}
        self._stream.write(json.dumps(entry).encode() + b"\n")
        self._stream.flush()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


@contextmanager
def answer_journal(variant: str, settings: dict[str, Any]) -> Iterator[Journal]:
    """Yield the journal of a result, which only this process uses; delete it when the block succeeds.

    The result has to have its final name by then: a process that is killed in between would lose all answers.

    Args:
        variant: whose answers they are.
        settings: everything that an answer depends on beside code and libraries, as JSON values.

    Raises:
        UserError: another process generates the same answers.
    """
    path = repository_root() / FOLDER / f"{variant}-{fingerprint(settings, (), LIBRARIES)}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    try:
        handle = lock(path)
    except BlockingIOError:
        raise UserError(f"{path}: another process generates these very answers; wait until it ends") from None
    try:
        with closing(Journal(path)) as journal:
            if count := len(journal.generations):
                print(f"{variant}: goes on behind {counted(count, 'answer')} of a run that was ended", file=sys.stderr)
            yield journal
        path.unlink()
    finally:
        if path.exists() and path.stat().st_size == 0:
            path.unlink()
        os.close(handle)
