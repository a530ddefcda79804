"""The files of eval/judgments/VARIANT, and the verdicts that they hold."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field

from belle.config.judging import JudgeName
from belle.data.json_lines import Line, read_json_lines
from belle.endpoints.extract import StoredReply
from belle.endpoints.reply import Reply
from belle.errors import UserError
from belle.files import read_json_object, write_json
from belle.judge.parse import Verdict, parse_reply

REPLIES = "replies.jsonl"
"""The replies that the scores are made from, those of anchors and probes too."""
JUDGMENTS = "judgments.jsonl"
"""Which request asked for what, in question order, then judge, repeat and attempt."""
JUDGES = "judges.json"
"""What is known of each judge."""
FIRST, AGAIN = 0, 1
"""Attempts: what everybody is asked, and the sharper request after a reply without a score."""
REPAIR = "remove the folder and run its judge stage again"


class Asked(Line):
    """One line of judgments.jsonl: `id` is that of the question."""

    judge: JudgeName
    repeat: int = Field(ge=0)
    """Judgments of the same answer by the same judge, counted from 0."""
    attempt: int = Field(ge=FIRST, le=AGAIN)
    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of the request."""

    @property
    def identity(self) -> str:
        """What no other line has."""
        return f"{self.id} {self.judge} {self.repeat} {self.attempt}"


class Judgment(NamedTuple):
    """One request about an answer, and its reply.

    Attributes:
        id: of the question.
        judge: `judge` or `second_judge`.
        repeat: counted from 0.
        attempt: 0, or 1 when it was asked again because the first reply had no score.
        key: of the request.
        reply: None when the server refused the request.
        verdict: how the reply is read.
    """

    id: str
    judge: str
    repeat: int
    attempt: int
    key: str
    reply: Reply | None
    verdict: Verdict


class Scored(NamedTuple):
    """The verdict that counts for one answer, judge and repeat."""

    id: str
    judge: str
    repeat: int
    verdict: Verdict


def write_nothing(out: Path) -> None:
    """Write what the stage leaves when no judge is asked."""
    for name in (REPLIES, JUDGMENTS):
        (out / name).touch()
    write_json(out / JUDGES, {})


def write_judgments(path: Path, asked: Iterable[Asked]) -> None:
    """Write judgments.jsonl."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(one.model_dump_json() + "\n" for one in asked)


def read_judgments(directory: Path, answers: Mapping[str, str]) -> list[Judgment]:
    """Read the judgments of a variant, none when no judge was asked.

    Args:
        directory: eval/judgments/VARIANT.
        answers: the graded answers' texts by the id of the question: what a reply copies from them is no score.

    Raises:
        UserError: a missing or broken file, or judgments of other answers.
    """
    path = directory / JUDGMENTS
    if _is_empty(path):
        return []
    asked = read_json_lines(path, Asked, REPAIR)
    replies = {}
    if not _is_empty(directory / REPLIES):
        replies = {line.id: line.reply for line in read_json_lines(directory / REPLIES, StoredReply, REPAIR)}
    if unknown := sorted({one.id for one in asked} - answers.keys()):
        raise UserError(f"{path}: {unknown[0]!r} is no question of the answers; {REPAIR}")
    return [
        Judgment(**one.model_dump(), reply=reply, verdict=parse_reply(reply, answers[one.id]))
        for one in asked
        for reply in [replies.get(one.key)]
    ]


def read_judges(directory: Path) -> dict[str, Any]:
    """Read what is known of each judge, nothing when none was asked."""
    return read_json_object(directory / JUDGES, REPAIR)


def used_verdicts(judgments: Iterable[Judgment]) -> Iterator[Scored]:
    """Yield the verdict that counts for each answer, judge and repeat: the last with a score, else the first."""
    groups: dict[tuple[str, str, int], list[Verdict]] = {}
    for one in judgments:
        groups.setdefault((one.id, one.judge, one.repeat), []).append(one.verdict)
    for (identity, judge, repeat), verdicts in groups.items():
        scored = [verdict for verdict in verdicts if verdict.score is not None]
        yield Scored(identity, judge, repeat, (scored or verdicts[:1])[-1])


def _is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0
