"""What judges were asked about the answers of a page, and what they replied."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from belle.compare import results as compare
from belle.compare.cache import link_output
from belle.compare.results import Result
from belle.errors import UserError
from belle.evaluate.answers import Answer
from belle.report.page_data.page import Note
from belle.report.page_data.questions import Judgment

if TYPE_CHECKING:
    from belle.judge import judgments as judge

FOLDER, FILE = "data/eval", "judge_prompts.json"
SLOTS = ("\x00", "\x01", "\x02")
"""What stands for the question, the reference and the answer while a message is taken apart."""
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
    judgments, notes = [], []
    for result, own in zip(results, answers, strict=True):
        found = defaultdict(list)
        judged = compare.judgments(result, {one: answer.answer for one, answer in own.items()})
        prompts: dict[str, str] = {}
        if judged:
            try:
                prompts = prompts_of(result)
            except UserError as error:
                notes.append(Note("notePrompts", {"label": result.label, "why": str(error)}))
        for one in judged:
            found[one.id].append(judgment_of(one, own[one.id], prompts, output_of(result)))
        judgments.append(tuple(tuple(found[one]) for one in ids))
    return tuple(judgments), notes


def judgment_of(one: "judge.Judgment", answer: Answer, prompts: Mapping[str, str], output: str) -> Judgment:
    """Return a judgment with the message that the judge was sent; without one when its prompt is not known."""
    verdict = one.verdict
    return Judgment(
        judge=one.judge,
        repeat=one.repeat,
        attempt=one.attempt,
        prompt=message_parts(answer, prompts, one.attempt, output),
        reply=one.reply.text if one.reply else None,
        score=verdict.score,
        reason=verdict.reason,
        rule=verdict.rule,
        span=verdict.span,
    )


def message_parts(answer: Answer, prompts: Mapping[str, str], attempt: int, output: str) -> tuple[str | int, ...]:
    """Return the message of a request, that of `belle.judge.ask`, as `Judgment.prompt`; empty without a prompt."""
    if answer.category not in prompts:
        return ()
    return _parts(prompts[answer.category], answer.category, answer.reference is not None, attempt, output)


@cache
def _parts(prompt: str, category: str, has_reference: bool, attempt: int, output: str) -> tuple[str | int, ...]:
    from belle.judge.prompts import AGAIN_CLOSING, JSON_CLOSING, grading_message

    question, reference, answer = SLOTS
    message = grading_message(prompt, category, question, reference if has_reference else None, answer)
    message += AGAIN_CLOSING if attempt else JSON_CLOSING if output == "json" else ""
    parts = re.split(f"([{''.join(SLOTS)}])", message)
    return tuple(SLOTS.index(part) if part in SLOTS else part for part in parts)


def output_of(result: Result) -> str:
    """Return the form of reply that the judge was asked for, `text` or `json`."""
    judge: dict[str, Any] = result.params.get("evaluate", {}).get("judge", {})
    return str(judge.get("output", "text"))


def prompts_of(result: Result) -> dict[str, str]:
    """Return the judge's prompts of the evaluation set, by category.

    Raises:
        UserError: they are not in the workspace, or in DVC's cache.
    """
    with TemporaryDirectory() as folder:
        place = Path(folder)
        if result.revision == compare.WORKSPACE:
            place = Path(FOLDER)
        else:
            link_output(result.lock.hash_of(FOLDER), FOLDER, result.revision, place)
        if not (place / FILE).is_file():
            raise UserError(f"{FOLDER}/{FILE}: no such file; bring it with `dvc pull {FOLDER}`")
        return dict(json.loads((place / FILE).read_text(encoding="utf-8")))
