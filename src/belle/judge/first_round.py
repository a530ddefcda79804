"""All that a judge is asked before any reply is here."""

from typing import NamedTuple, Self

from belle.endpoints.request import Request
from belle.evaluate.answers import Answer
from belle.judge.anchors import Anchor, anchors_of
from belle.judge.ask import Judge, first_requests
from belle.judge.injection import Probe, probes
from belle.judge.material import Material


class FirstRound(NamedTuple):
    """The requests of a judge about one variant.

    Attributes:
        probes: poor answers with and without a planted score.
        anchors: fixed answers.
        answers: every answer of the variant, each with the repeat and the request.
    """

    probes: list[Probe]
    anchors: list[Anchor]
    answers: list[tuple[Answer, int, Request]]

    @classmethod
    def of(cls, judge: Judge, material: Material) -> Self:
        """Return what a judge is asked about some material."""
        return cls(
            probes(judge, material.prompts),
            anchors_of(judge, material.questions, material.prompts),
            list(first_requests(judge, material.answers, material.prompts)),
        )

    @property
    def requests(self) -> list[Request]:
        """All of them, short ones first: a refusal of the very first is taken for one of all."""
        aside = [request for one in self.probes for request in (one.plain_request, one.planted_request)]
        aside += [request for one in self.anchors for request in (one.first, one.present)]
        return [*aside, *(request for *_, request in self.answers)]
