"""Everything that a variant is scored from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from belle.data.questions import read_questions
from belle.evaluate.answers import ANSWERS, REPAIR, STATS, Answer, read_answers
from belle.files import read_json_object
from belle.judge.judgments import Scored, read_judges, read_judgments, used_verdicts
from belle.score.asked import check_asked
from belle.score.contamination import read_contaminated
from belle.score.human_files import HumanScores, read_human_scores


@dataclass(frozen=True)
class Inputs:
    """Where it is.

    Attributes:
        answers: directory with answers.jsonl and stats.json.
        judgments: directory of the judges' replies; its files are empty without a judge.
        human_scores: directory of people's scores.
        contaminated: table of the questions that training data still matches.
        questions: file of the evaluation set.
        limit: how many of its questions are asked; None for all.
    """

    answers: Path
    judgments: Path
    human_scores: Path
    contaminated: Path
    questions: Path
    limit: int | None


@dataclass(frozen=True)
class Evaluation:
    """What is in there.

    Attributes:
        answers: in question order.
        stats: what the generate stage knows of the variant.
        verdicts: of the judges, those that count.
        judges: what is known of each judge.
        human: people's scores, by file.
        contaminated: ids of questions.
    """

    answers: list[Answer]
    stats: dict[str, Any]
    verdicts: list[Scored]
    judges: dict[str, Any]
    human: dict[str, HumanScores]
    contaminated: set[str]

    @property
    def categories(self) -> list[str]:
        """The category of each answer."""
        return [answer.category for answer in self.answers]


def read_evaluation(inputs: Inputs) -> Evaluation:
    """Read it all.

    Raises:
        UserError: something is missing or malformed, or the answers are to other questions.
    """
    answers = read_answers(inputs.answers / ANSWERS)
    check_asked(inputs.answers / ANSWERS, answers, read_questions(inputs.questions, inputs.limit))
    texts = {answer.id: answer.answer for answer in answers}
    return Evaluation(
        answers=answers,
        stats=read_json_object(inputs.answers / STATS, REPAIR),
        verdicts=list(used_verdicts(read_judgments(inputs.judgments, texts))),
        judges=read_judges(inputs.judgments),
        human=read_human_scores(inputs.human_scores),
        contaminated=read_contaminated(inputs.contaminated),
    )
