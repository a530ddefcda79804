"""The data of a page from the results of experiments.

This module, `columns` and `judged` know how the rest of the project keeps results; the page does not.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from belle.compare import results as compare
from belle.compare.result import Result
from belle.errors import UserError
from belle.evaluate import answers as evaluate
from belle.report.agreements import agreements_between, repeated
from belle.report.columns import column_of, cut, params_of, short_labels, system_of, title_of
from belle.report.differences import differences_of, pairs_with_first
from belle.report.judged import judged_answers
from belle.report.notes import notes_about, warnings_of
from belle.report.page_data.page import PageData
from belle.report.page_data.questions import Question

MOST = 6
"""Systems that fit beside each other."""


def load_page_data(names: Sequence[str]) -> PageData:
    """Read what the page shows of the named results; without names of all variants in the workspace.

    Raises:
        UserError: too many names, an unknown one, results that are missing or broken, or no question in common.
    """
    results = compare.load_results(names or workspace_variants())
    if len(results) > MOST:
        raise UserError(f"{len(results)} results do not fit beside each other; name at most {MOST} of them")
    ids = shared_ids(results)
    answers = [{answer.id: answer for answer in compare.answers(result)} for result in results]
    check_questions(results, answers, ids)
    labels = short_labels(results)
    shown = [cut(result, label, ids) for result, label in zip(results, labels, strict=True)]
    columns = [column_of(*one) for one in zip(shown, answers, strict=True)]
    questions = tuple(question_of(answers[0][one]) for one in ids)
    categories = [question.category for question in questions]
    scorers = tuple(dict.fromkeys(scorer for result in shown for scorer in result.scores))
    pairs = {scorer: pairs_with_first(shown, scorer) for scorer in scorers}
    judgments, notes = judged_answers(shown, answers, ids)
    params = params_of(shown)
    return PageData(
        title=title_of(results, labels),
        scorers=scorers,
        categories=tuple(sorted(set(categories))),
        systems=tuple(system_of(column, categories, own) for column, own in zip(columns, params, strict=True)),
        questions=questions,
        answers=tuple(column.shown for column in columns),
        judgments=judgments,
        differences=differences_of(pairs),
        agreements=(
            *agreements_between([column.shown for column in columns], scorers),
            *repeated([result.details for result in shown]),
        ),
        notes=(*notes_about(results, len(ids)), *notes),
        warnings=warnings_of(shown, pairs),
    )


def workspace_variants() -> list[str]:
    """Return the names of all variants that are scored in the workspace, the unquantized one first."""
    found = sorted(path.name.removesuffix(compare.TABLE) for path in Path(compare.DETAILS).glob(f"*{compare.TABLE}"))
    names = [f":{variant}" for variant in sorted(found, key=lambda variant: variant != evaluate.UNQUANTIZED)]
    if left := names[MOST:]:
        print(f"{MOST} variants fit beside each other; left out: {' '.join(left)}", file=sys.stderr)
    return names[:MOST] or [f":{evaluate.UNQUANTIZED}"]


def shared_ids(results: Sequence[Result]) -> list[str]:
    """Return the questions that every result has, in the order of the first.

    Raises:
        UserError: there is none.
    """
    others = [set(result.ids) for result in results[1:]]
    ids = [one for one in results[0].ids if all(one in other for other in others)]
    if not ids:
        labels = ", ".join(result.label for result in results)
        raise UserError(f"{labels}: no question in common; compare answers to the same evaluation set (evaluate.set)")
    return ids


def check_questions(
    results: Sequence[Result], answers: Sequence[Mapping[str, evaluate.Answer]], ids: Sequence[str]
) -> None:
    """Refuse results whose questions have the same ids and other words.

    Raises:
        UserError: the first such question, or one without an answer.
    """
    for result, own in zip(results, answers, strict=True):
        for one in ids:
            if one not in own:
                raise UserError(f"{result.label}: no answer to question {one}; run its generate stage again")
            if own[one].question != answers[0][one].question:
                raise UserError(
                    f"{results[0].label}, {result.label}: question {one} is another one in each; "
                    "compare answers to the same evaluation set (evaluate.set)"
                )


def question_of(answer: evaluate.Answer) -> Question:
    """Return the question that an answer holds."""
    return Question(answer.id, answer.category, answer.question, answer.reference)
