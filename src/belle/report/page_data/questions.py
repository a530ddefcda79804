"""A question, a system's answer to it, and what a judge replied about the answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question of the evaluation set."""

    id: str
    category: str
    question: str
    reference: str | None


@dataclass(frozen=True)
class Answer:
    """One system's answer to one question.

    Attributes:
        key: hash of question and answer, under which people's scores are kept (`belle.score.hashes.rating_hash`).
        text: without its thinking.
        flags: `truncated`, `contaminated`, … sorted.
        scores: by scorer, from 0 to 1; None when unscored.
    """

    key: str
    text: str
    thinking: str | None
    tokens: int
    flags: tuple[str, ...]
    scores: dict[str, float | None]


@dataclass(frozen=True)
class Judgment:
    """One reply of a judge.

    Attributes:
        judge: `judge` or `second_judge`.
        attempt: 1 when it was asked again.
        prompt: what the judge was sent, in parts: text, or the number of a slot (0 question, 1 reference, 2 answer):
            the page has these already. Empty when it cannot be rebuilt as it was sent.
        reply: None when there is none.
        score: None when unscored, for `reason`.
        rule: which rule of the parser found the score.
        span: where in the reply, as (start, end) in characters.
    """

    judge: str
    repeat: int
    attempt: int
    prompt: tuple[str | int, ...]
    reply: str | None
    score: float | None
    reason: str | None
    rule: str | None
    span: tuple[int, int] | None
