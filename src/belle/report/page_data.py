"""What the page shows: plain values, whatever the rest of the project calls them. `data.py` fills them in."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
"""What may end a script tag, begin a comment or entity, or break a line of JavaScript; and lone surrogates, which
UTF-8 cannot hold."""


@dataclass(frozen=True)
class Category:
    """The score of a system in one category, with its 95 % interval."""

    n: int
    score: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """What one scorer says of a system.

    Attributes:
        score: macro average; `low` and `high` are its 95 % interval.
        n: scored answers.
        unscored: answers without a score, by reason.
        categories: by name, in the order of the page.
    """

    score: float
    low: float
    high: float
    n: int
    unscored: dict[str, int] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """One column of the page: an experiment, or a quantized variant of one.

    Attributes:
        label: what people call it.
        revision: short hash of its commit, or `workspace`.
        variant: `unquantized` or a quantization scheme.
        scores: by scorer.
        shares: of truncated, empty, … answers.
        size_mb: weights in files, 10^6 bytes; None when not known.
        times: seconds or rates by name, as in `train_seconds` and `answers_per_second`.
        params: the parameters that differ between the systems, as text.
        judges: by judge, what is known of it: models reported, tokens, cost, probe.
    """

    label: str
    revision: str
    variant: str
    scores: dict[str, Score]
    shares: dict[str, float] = field(default_factory=dict)
    size_mb: float | None = None
    times: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    judges: dict[str, Any] = field(default_factory=dict)


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
            the page has these already. Empty when it cannot be rebuilt.
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


@dataclass(frozen=True)
class Difference:
    """System `system` minus the first one, by one scorer, over questions scored on both sides.

    Attributes:
        system: index of the system.
        category: None for the macro score.
        adjusted: p-value, two-sided, by Holm over the pairs, or over the categories of a pair.
        detectable: the smallest difference that would probably have been seen.
        equal_within: margin that the difference is within; None where it is not, or where nobody asks.
    """

    system: int
    scorer: str
    category: str | None
    estimate: float
    low: float
    high: float
    adjusted: float
    wins: int
    ties: int
    losses: int
    n: int
    detectable: float
    equal_within: float | None


@dataclass(frozen=True)
class Agreement:
    """How far two scorers agree over the answers that both have scored; None when undefined.

    Attributes:
        second: None: the first scorer again, over what was scored twice.
        system: index of the system whose answers these are; None: the different answers of all.
        low: lower bound of the 95 % interval of alpha.
        high: upper bound.
        bias: mean of the first less the second.
        distance: mean absolute difference.
    """

    first: str
    second: str | None
    system: int | None
    n: int
    alpha: float | None
    low: float | None
    high: float | None
    kappa: float | None
    spearman: float | None
    bias: float | None
    distance: float | None


@dataclass(frozen=True)
class Note:
    """A sentence above the scores: its name in page/text.js, and what is filled in."""

    name: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PageData:
    """All of it. `answers` and `judgments` are by system, then by question."""

    title: str
    scorers: tuple[str, ...]
    categories: tuple[str, ...]
    systems: tuple[System, ...]
    questions: tuple[Question, ...]
    answers: tuple[tuple[Answer, ...], ...]
    judgments: tuple[tuple[tuple[Judgment, ...], ...], ...] = ()
    differences: tuple[Difference, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    notes: tuple[Note, ...] = ()


def to_json(value: Any) -> str:
    """Return a value of this module as JSON that may stand inside a script tag: sorted keys, no white space."""
    text = json.dumps(value, default=vars, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@dataclass(frozen=True)
class Written:
    """Page data as JSON, and the digest that names the report: it changes with anything that is shown.

    Attributes:
        data: all but the judgments.
        judgments: long and seldom looked at: the page reads them when they are asked for.
        digest: 16 hexadecimal digits.
    """

    data: str
    judgments: str
    digest: str


def write_data(data: PageData) -> Written:
    """Return the JSON of page data."""
    shown = to_json({name: value for name, value in vars(data).items() if name != "judgments"})
    judgments = to_json(data.judgments)
    return Written(shown, judgments, hashlib.sha256(f"{shown}\n{judgments}".encode()).hexdigest()[:16])
