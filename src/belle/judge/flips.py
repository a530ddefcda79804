"""Which verdicts a new parser, or new replies, change: two tables of judgments of one variant compared."""

import csv
import io
import sys
from collections.abc import Collection, Sequence
from typing import NamedTuple

from belle.words import counted

SHOWN = 10


class Flip(NamedTuple):
    """A judgment that is read otherwise than before.

    Attributes:
        id: of the question.
        judge: `judge` or `second_judge`.
        repeat: of the judgment.
        before: the score, or the reason why there was none.
        after: the same of the new table.
    """

    id: str
    judge: str
    repeat: str
    before: str
    after: str


def flips(old: str, new: str, changed: Collection[str] = ()) -> list[Flip]:
    """Return the judgments that both tables have and read differently, in the order of the new one.

    Args:
        old: contents of an earlier VARIANT.judgments.tsv, empty when there was none.
        new: contents of the present one.
        changed: questions that have another answer now; a verdict on it is no other reading of the earlier one.
    """
    before = dict(_rows(old))
    return [
        Flip(*identity, before[identity], after)
        for identity, after in _rows(new)
        if identity in before and before[identity] != after and identity[0] not in changed
    ]


def changed_answers(old: str, new: str) -> set[str]:
    """Return the questions whose answers differ, or are not known, in two versions of VARIANT.answers.tsv."""
    before, after = (
        {row["id"]: row.get("answer") for row in csv.DictReader(io.StringIO(table), delimiter="\t")}
        for table in (old, new)
    )
    return {one for one in after if before.get(one) is None or before[one] != after[one]}


def report_flips(variant: str, found: Sequence[Flip]) -> None:
    """Say on stderr which verdicts changed."""
    if found:
        differ = counted(len(found), "verdict differs", "verdicts differ")
        print(f"score {variant}: {differ} from those committed:", file=sys.stderr)
    for one in found[:SHOWN]:
        print(f"  {one.id} {one.judge} {one.repeat}: {one.before} -> {one.after}", file=sys.stderr)
    if len(found) > SHOWN:
        print(
            f"  and {len(found) - SHOWN} more: git diff metrics/details/eval/{variant}.judgments.tsv", file=sys.stderr
        )


def _rows(table: str) -> list[tuple[tuple[str, str, str], str]]:
    rows = csv.DictReader(io.StringIO(table), delimiter="\t")
    return [((row["id"], row["judge"], row["repeat"]), row["score"] or row["reason"]) for row in rows]
