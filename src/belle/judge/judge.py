"""Have the answers of one variant graded: eval/judgments/VARIANT.

Each judge is asked about every answer, with the probes and the anchors. Where a reply has no score it is asked once
more, with a sharper request of its own. Everything written follows from the replies, whenever they arrived.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from belle.config.budget import BudgetParams
from belle.config.endpoint import EndpointProfile
from belle.config.judge import BUDGET
from belle.config.judging import JudgeName, Judging
from belle.endpoints.budget import Budget
from belle.endpoints.extract import write_replies
from belle.endpoints.refusals import send_and_keep_refusals
from belle.endpoints.store import ReplyStore
from belle.endpoints.structured import Outcome, probe, probe_requests
from belle.files import write_json
from belle.judge.anchors import drift_of
from belle.judge.ask import Judge
from belle.judge.first_round import FirstRound
from belle.judge.injection import injection_of
from belle.judge.judgments import (
    AGAIN,
    FIRST,
    JUDGES,
    JUDGMENTS,
    REPLIES,
    Asked,
    Judgment,
    write_judgments,
)
from belle.judge.material import Material
from belle.judge.passport import passport_of, report
from belle.judge.prompts import check_prompts
from belle.judge.second_round import judgments_of, second_round


def judge_variant(
    judging: Judging,
    profiles: Mapping[JudgeName, EndpointProfile],
    budget: BudgetParams,
    material: Material,
    open_store: Callable[[], ReplyStore],
    out: Path,
) -> None:
    """Write judgments.jsonl, the replies, and what is known of the judges.

    Args:
        judging: what is asked of which judges.
        profiles: how each judge is reached.
        budget: what one judge may cost, whenever it was asked.
        material: what is graded.
        open_store: gives the replies that are here already; it receives the others. Each judge opens it anew, for the
            budget is of one judge.
        out: an empty folder.

    Raises:
        UserError: a category without a usable prompt; an endpoint that gives no replies; the budget. The replies that
            have arrived are in the store.
    """
    check_prompts(material.prompts, material.answers, judging.params.output)
    asked: list[Judgment] = []
    passports: dict[str, Any] = {}
    keys: list[str] = []
    for name in judging.judges:
        with open_store() as store:
            limits = Budget(budget.tokens, budget.money, judging.judges[name].prices, BUDGET)
            asking = _Asking(judging, name, profiles[name], store, limits)
            asked += asking.judge(material)
            passports[name] = asking.passport
            keys += asking.keys
            report(material.variant, asking.passport, store, limits)
    order = {answer.id: place for place, answer in enumerate(material.answers)}
    asked.sort(key=lambda one: (order[one.id], one.judge, one.repeat, one.attempt))
    write_judgments(out / JUDGMENTS, (Asked(**_line(one)) for one in asked))
    with open_store() as store:
        write_replies(out / REPLIES, store, keys)
    write_json(out / JUDGES, passports)


class _Asking:
    """One judge at work."""

    def __init__(
        self, judging: Judging, name: JudgeName, profile: EndpointProfile, store: ReplyStore, budget: Budget
    ) -> None:
        self.judging, self.name, self.params = judging, name, judging.params
        self.profile, self.store, self.budget = profile, store, budget
        self.keys: list[str] = []
        self.passport: dict[str, Any] = {}

    def judge(self, material: Material) -> list[Judgment]:
        """Ask about every answer; return what was asked, and fill `keys` and `passport`."""
        structured = self._probe()
        judge = Judge.of(self.judging, self.name, self.profile, structured)
        first = FirstRound.of(judge, material)
        asked = first.requests
        send_and_keep_refusals(asked, self.profile, self.store, self.budget)
        judgments = judgments_of(judge, first.answers, FIRST, self.store)
        again = second_round(judge, material, judgments)
        asked += [request for *_, request in again]
        # sharper requests may all be refused, where a model cannot write twice the tokens
        send_and_keep_refusals(asked, self.profile, self.store, self.budget, may_all_be_refused=True)
        judgments += judgments_of(judge, again, AGAIN, self.store)
        self.keys += [request.key for request in asked]
        replies = [reply for key in dict.fromkeys(self.keys) if (reply := self.store.reply(key))]
        self.passport = passport_of(judge, structured, judgments, replies)
        self.passport["injection"] = injection_of(first.probes, self.store)
        self.passport["drift"] = drift_of(first.anchors, self.params.anchor_round, self.store)
        return judgments

    def _probe(self) -> Outcome | None:
        """Return what the server makes of a schema, None when it is not told of one."""
        if self.params.output == "text":
            return None
        endpoint = self.judging.judges[self.name].endpoint
        self.keys += [request.key for request in probe_requests(self.profile, endpoint)]
        return probe(self.profile, endpoint, self.store, self.budget)


def _line(one: Judgment) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Asked.model_fields}
