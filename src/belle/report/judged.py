"""What judges replied about the answers of a page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from belle.compare import results as compare
from belle.compare.result import Result
from belle.errors import UserError
from belle.evaluate.answers import Answer
from belle.report.page_data.page import Note
from belle.report.page_data.questions import Judgment
from belle.report.sent import Parts, Rebuilt, rebuilt

if TYPE_CHECKING:
    from belle.judge import judgments as judge

By = tuple[tuple[tuple[Judgment, ...], ...], ...]


def judged_answers(
    results: Sequence[Result], answers: Sequence[Mapping[str, Answer]], ids: Sequence[str]
) -> tuple[By, list[Note]]:
    """Return the judgments of every answer, by result and question, and what could not be shown.

    Args:
        results: of each system.
        answers: of each system, by question.
        ids: the questions of the page, in order.
    """
    judgments, notes = [], list[Note]()
    for result, own in zip(results, answers, strict=True):
        judged = compare.judgments(result, {one: answer.answer for one, answer in own.items()})
        sent, problems = prompt_maker(result) if judged else (Rebuilt({}, {}), [])
        found = defaultdict(list)
        for one in judged:
            found[one.id].append(judgment_of(one, sent.message(one, own[one.id])))
        judgments.append(tuple(tuple(found[one]) for one in ids))
        notes += problems or other_prompts(result.label, judgments[-1])
    return tuple(judgments), notes


def prompt_maker(result: Result) -> tuple[Rebuilt, list[Note]]:
    """Return what rebuilds the prompts of a result; or nothing, and why."""
    try:
        return rebuilt(result), []
    except UserError as error:
        return Rebuilt({}, {}), [Note("notePrompts", {"label": result.label, "why": str(error)})]


def other_prompts(label: str, judgments: Sequence[Sequence[Judgment]]) -> list[Note]:
    """Return a note when messages are not those that were sent."""
    prompts = [one.prompt for row in judgments for one in row]
    other = sum(not prompt for prompt in prompts)
    values = {"label": label, "count": str(other), "all": str(len(prompts))}
    return [Note("noteOtherPrompts", values)] if other else []


def judgment_of(one: "judge.Judgment", prompt: Parts) -> Judgment:
    """Return a judgment as the page shows it."""
    verdict = one.verdict
    return Judgment(
        judge=one.judge,
        repeat=one.repeat,
        attempt=one.attempt,
        prompt=prompt,
        reply=one.reply.text if one.reply else None,
        score=verdict.score,
        reason=verdict.reason,
        rule=verdict.rule,
        span=verdict.span,
    )
