"""What is known of a judge beside its scores: judges.json, and lines for people."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from belle.endpoints.budget import Budget
from belle.endpoints.estimate import spent_in_words
from belle.endpoints.refusals import refusals
from belle.endpoints.reply import REFUSED, Reply
from belle.endpoints.store import ReplyStore
from belle.endpoints.structured import Outcome
from belle.endpoints.usage import reported_models, usage_of
from belle.judge.ask import Judge
from belle.judge.judgments import Judgment, used_verdicts


def passport_of(
    judge: Judge, structured: Outcome | None, judgments: Sequence[Judgment], replies: Sequence[Reply]
) -> dict[str, Any]:
    """Return what is known of a judge; all of it follows from the replies.

    Args:
        judge: who was asked.
        structured: what its server made of the probe with a schema; None when it was not asked.
        judgments: of the answers.
        replies: to all requests, those of anchors and probes too, and refusals.
    """
    verdicts = [one.verdict for one in used_verdicts(judgments)]
    given = [reply for reply in replies if reply.finish_reason != REFUSED]
    return {
        "endpoint": judge.planned.endpoint,
        "model": judge.planned.model.model,
        "reported_models": reported_models(given),
        "fingerprints": _counts(reply.fingerprint for reply in given if reply.fingerprint),
        "structured": structured,
        "judgments": len(verdicts),
        "scored": sum(verdict.score is not None for verdict in verdicts),
        "unscored": _counts(verdict.reason for verdict in verdicts if verdict.reason),
        "asked_again": sum(one.attempt > 0 for one in judgments),
        "replies": len(given),
        "finish_reasons": _counts(reply.finish_reason or "unknown" for reply in given),
        "refused": refusals(replies),
        **usage_of(given, judge.planned.prices),
    }


def report(variant: str, passport: dict[str, Any], store: ReplyStore, budget: Budget) -> None:
    """Say on stderr what came of a judge's requests, and what is unusual about it."""
    judge = f"judge {variant}: {passport['endpoint']}"
    unscored = ", ".join(f"{count} {reason}" for reason, count in passport["unscored"].items())
    print(
        f"{judge}: {passport['scored']} of {passport['judgments']} judgments have a score"
        f"{f'; unscored: {unscored}' if unscored else ''}; {spent_in_words(store, budget)}",
        file=sys.stderr,
    )
    for note in _notes(passport):
        print(f"note: {judge}: {note}", file=sys.stderr)


def _notes(passport: dict[str, Any]) -> Iterable[str]:
    reported = passport["reported_models"]
    if len(reported) > 1:
        yield f"several models replied: {', '.join(f'{name} ({count})' for name, count in reported.items())}"
    elif reported and passport["model"] not in reported:
        yield f"the model asked for is {passport['model']}, the server says that it used {next(iter(reported))}"
    if passport["structured"] in ("ignored", "refused"):
        yield f"the schema of output: json is {passport['structured']} by the server; every reply is read with care"
    for reason, count in passport["refused"].items():
        yield f"requests that were refused: {count}: {reason}"


def _counts(values: Iterable[object]) -> dict[str, int]:
    return dict(sorted(Counter(map(str, values)).items()))
