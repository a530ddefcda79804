"""Sharper requests about replies without a score, and what replies say."""

from collections.abc import Sequence

from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from belle.evaluate.answers import Answer
from belle.judge.ask import Judge, message_about
from belle.judge.first_round import FirstRound
from belle.judge.judgments import FIRST, Judgment
from belle.judge.material import Material
from belle.judge.parse import parse_reply

AboutAnswer = tuple[Answer, int, Request]
"""An answer, the repeat, and the request about it."""


def second_round(judge: Judge, material: Material, judgments: Sequence[Judgment]) -> list[AboutAnswer]:
    """Return the sharper requests, for each reply without a score; a request without a reply is not repeated.

    Args:
        judge: who is asked.
        material: what is graded.
        judgments: of the first round.
    """
    answers, again = {answer.id: answer for answer in material.answers}, list[AboutAnswer]()
    if not judge.params.ask_again:
        return again
    for one in judgments:
        if one.verdict.reason not in (None, "no_reply"):
            message = message_about(answers[one.id], material.prompts)
            sharper = judge.again(message, one.repeat, was_cut=one.verdict.reason == "length")
            again.append((answers[one.id], one.repeat, sharper))
    return again


def judgments_of(judge: Judge, asked: Sequence[AboutAnswer], attempt: int, store: ReplyStore) -> list[Judgment]:
    """Return what the replies to requests of one attempt say, `FIRST` or `AGAIN`."""
    found = []
    for answer, repeat, request in asked:
        reply = store.reply(request.key)
        verdict = parse_reply(reply, answer.answer)
        found.append(Judgment(answer.id, judge.name, repeat, attempt, request.key, reply, verdict))
    return found


def requests_to(judge: Judge, material: Material, store: ReplyStore) -> list[Request]:
    """Return all that a judge is asked, sharper requests included as far as the first replies are here."""
    first = FirstRound.of(judge, material)
    again = second_round(judge, material, judgments_of(judge, first.answers, FIRST, store))
    return [*first.requests, *(request for *_, request in again)]
