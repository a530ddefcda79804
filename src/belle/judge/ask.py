"""The requests to one judge."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from belle.config.endpoint import EndpointProfile
from belle.config.judge import JudgmentParams
from belle.config.judging import JudgeName, Judging, PlannedJudge
from belle.endpoints.request import Request
from belle.endpoints.structured import Outcome, response_format
from belle.evaluate.answers import Answer
from belle.judge.prompts import AGAIN_CLOSING, JSON_CLOSING, SCHEMA, grading_message


@dataclass(frozen=True)
class Judge:
    """One judge, as it is asked.

    Attributes:
        name: `judge` or `second_judge`.
        planned: its endpoint and model.
        profile: how it is reached.
        params: what is asked.
        schema: whether the server is told of the schema.
    """

    name: JudgeName
    planned: PlannedJudge
    profile: EndpointProfile
    params: JudgmentParams
    schema: bool

    @classmethod
    def of(cls, judging: Judging, name: JudgeName, profile: EndpointProfile, structured: Outcome | None) -> Self:
        """Return a judge; `structured` is what its server makes of a schema, None when it shall not be told of one."""
        return cls(name, judging.judges[name], profile, judging.params, structured not in (None, "refused"))

    def request(self, message: str, repeat: int = 0) -> Request:
        """Return the request that has this message graded."""
        closing = JSON_CLOSING if self.params.output == "json" else ""
        return self._request(message + closing, repeat, self.params.max_tokens)

    def again(self, message: str, repeat: int, was_cut: bool) -> Request:
        """Return the sharper request, with twice the tokens where the first reply was cut off."""
        return self._request(message + AGAIN_CLOSING, repeat, self.params.max_tokens * (2 if was_cut else 1))

    def _request(self, message: str, repeat: int, max_tokens: int) -> Request:
        parameters: dict[str, Any] = {}
        if self.params.temperature is not None:
            parameters["temperature"] = self.params.temperature
        if self.schema:
            parameters |= response_format(self.profile, SCHEMA)
        return Request(
            endpoint=self.planned.endpoint,
            model=self.planned.model.model,
            messages=[{"role": "user", "content": message}],
            max_tokens=max_tokens,
            parameters=parameters,
            token_limit=self.planned.model.token_limit,
            repeat=repeat,
        )


def message_about(answer: Answer, prompts: Mapping[str, str]) -> str:
    """Return the message that has an answer graded."""
    prompt = prompts[answer.category]
    return grading_message(prompt, answer.category, answer.question, answer.reference, answer.answer)


def first_requests(
    judge: Judge, answers: Sequence[Answer], prompts: Mapping[str, str]
) -> Iterator[tuple[Answer, int, Request]]:
    """Yield every answer, repeat and the request for it, in the order of the answers."""
    for answer in answers:
        message = message_about(answer, prompts)
        for repeat in range(judge.params.repeats):
            yield answer, repeat, judge.request(message, repeat)
