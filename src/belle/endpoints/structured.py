"""Replies that follow a JSON Schema: how a server is told, and whether it obeys.

Servers differ in what they call it, and several answer 200 and pay no attention. So nobody may trust a reply without
looking at it, and `probe` finds out beforehand what an endpoint does.
"""

import json
from typing import Any, Literal

from belle.config.endpoint import EndpointProfile
from belle.endpoints.budget import Budget
from belle.endpoints.refusals import keep_refusal
from belle.endpoints.reply import REFUSED
from belle.endpoints.request import Request
from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore

Outcome = Literal["enforced", "ignored", "refused"]
"""The reply is the only one that the schema allows; it is another; the server takes no such request."""
QUESTION = "晴天的天空是什么颜色？只回答一个字。"
ONLY_ANSWER = {"code": "q7-61f0ce8d"}
"""What no model would say to that question by itself."""
MAX_TOKENS = 1000
"""Enough for a model that thinks first; the answer takes twenty."""


def response_format(profile: EndpointProfile, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a request's `parameters` that has the reply follow a schema; empty where none is known.

    Args:
        profile: says by `structured` which form the server takes.
        schema: a JSON Schema of an object. OpenAI wants each property required and `additionalProperties` false.
    """
    match profile.structured:
        case "json_schema":
            named = {"name": "reply", "strict": True, "schema": schema}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        case "json_object_schema":
            return {"response_format": {"type": "json_object", "schema": schema}}
        case "none":
            return {}


def probe_requests(profile: EndpointProfile, endpoint: str) -> list[Request]:
    """Return what `probe` asks, for the extract of the replies that a result was made from; none without a form.

    Args:
        profile: of the endpoint.
        endpoint: name of the profile.
    """
    if profile.structured == "none":
        return []
    schema = {
        "type": "object",
        "properties": {name: {"type": "string", "enum": [value]} for name, value in ONLY_ANSWER.items()},
        "required": list(ONLY_ANSWER),
        "additionalProperties": False,
    }
    return [
        Request(
            endpoint=endpoint,
            model=profile.model,
            messages=[{"role": "user", "content": QUESTION}],
            max_tokens=MAX_TOKENS,
            parameters=parameters,
            token_limit=profile.token_limit,
        )
        # without a schema first: then a refusal of the second is one of the schema
        for parameters in ({}, response_format(profile, schema))
    ]


def probe(profile: EndpointProfile, endpoint: str, store: ReplyStore, budget: Budget) -> Outcome | None:
    """Ask, once for as long as the store is kept, what an endpoint makes of a schema; None when it takes none.

    Raises:
        UserError: as `send` does.
    """
    requests = probe_requests(profile, endpoint)
    if not requests:
        return None
    key = requests[-1].key
    if key in send(requests, profile, store, budget):
        keep_refusal(store, key, None)
    return outcome_in(store, key)


def outcome_in(store: ReplyStore, key: str) -> Outcome | None:
    """Return what the store knows of a request with a schema, None when it has no reply to it."""
    reply = store.reply(key)
    if reply is None:
        return None
    if reply.finish_reason == REFUSED:
        return "refused"
    return "enforced" if _json(reply.text) == ONLY_ANSWER else "ignored"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
