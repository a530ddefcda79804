"""What is known of the answers of one variant, at one revision."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from belle.compare.lock import Lock

DETAILS = "metrics/details/eval"
TABLE, JUDGMENTS = ".answers.tsv", ".judgments.tsv"
QUESTIONS = "data/eval/questions.jsonl"


@dataclass(frozen=True)
class Result:
    """What is known of the answers of one variant.

    Attributes:
        label: EXPERIMENT, or EXPERIMENT:VARIANT of a quantized one.
        revision: full hash of the commit, or `workspace`.
        variant: `unquantized` or a quantization scheme.
        ids: of the questions, in their order [questions].
        categories: of the questions [questions].
        hashes: of each answer's text; empty for results of an older form [questions].
        flags: what is to know of each answer, as in `truncated` [questions].
        scores: by scorer, float64 [questions], NaN = unscored.
        repeats: by judge that read some answer several times, float64 [repeats, questions], NaN = unscored.
        details: VARIANT.json.
        params: params.yaml.
        speed: seconds, memory and environment by task (metrics/details/speed.json).
        lock: dvc.lock.
        stale: why the scores are not those of these params, None when they are.
    """

    label: str
    revision: str
    variant: str
    ids: list[str]
    categories: list[str]
    hashes: list[str]
    flags: list[frozenset[str]]
    scores: dict[str, np.ndarray]
    repeats: dict[str, np.ndarray] = field(repr=False)
    details: dict[str, Any] = field(repr=False)
    params: dict[str, Any] = field(repr=False)
    speed: dict[str, Any] = field(repr=False)
    lock: Lock = field(repr=False)
    stale: str | None

    @property
    def table(self) -> str:
        """Path of the scores of each answer."""
        return f"{DETAILS}/{self.variant}{TABLE}"

    @property
    def judgments(self) -> str:
        """Path of what judges replied."""
        return f"eval/judgments/{self.variant}"

    @property
    def questions(self) -> str | None:
        """Hash of the questions and references that were answered; None when dvc.lock does not say."""
        return self.lock.dependency(f"eval/{self.variant}", QUESTIONS)

    @property
    def model(self) -> str:
        """Hash of the trained model that answered, or that the quantized one was made from; else the revision."""
        return self.lock.hash_of(f"models/{self.params.get('checkpoint')}") or self.revision

    def measured(self, task: Literal["generate", "train"], figure: str) -> float | None:
        """Return a figure of speed.json, as in `seconds`; None when it was not measured, or of other answers.

        An experiment that ran as far as `score` still has the times of the run before it.
        """
        generated = self.speed.get(f"generate {self.variant}", {})
        if generated.get("result") != self.details.get("answers_sha256"):
            return None
        value: float | None = (generated if task == "generate" else self.speed.get(task, {})).get(figure)
        return value
