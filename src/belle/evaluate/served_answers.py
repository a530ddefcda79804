"""Have a server answer for a checkpoint, each prompt once: replies that are kept need no server any more."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from belle.config.endpoint import EndpointProfile
from belle.config.prices import prices_of
from belle.endpoints.budget import Budget
from belle.endpoints.client import Client
from belle.endpoints.problems import Problem
from belle.endpoints.request import Request
from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.evaluate.answer_reader import AnswerReader, Written
from belle.evaluate.backends.backend import Prompt
from belle.evaluate.backends.decoding import Decoding
from belle.evaluate.served_model import served_name, start_command
from belle.evaluate.served_replies import note_servers, usable_replies, written_of
from belle.evaluate.served_requests import requests_of
from belle.words import counted

UNKNOWN_FORM = (400, 422, 500)
"""How servers answer a prompt of token ids that they do not know; llama-cpp-python's says 500."""


def served_answers(
    checkpoint: Path,
    prompts: Sequence[Prompt],
    decoding: Decoding,
    reader: AnswerReader,
    endpoint: str,
    profile: EndpointProfile,
) -> tuple[list[Written], int]:
    """Return what the served checkpoint writes, in the order of the prompts, and how many of them were sent now.

    Args:
        checkpoint: of the model chain.
        prompts: what it is to continue.
        decoding: how.
        reader: of its template.
        endpoint: name of the profile, under which the replies are kept.
        profile: how the server is reached.

    Raises:
        UserError: the server holds another model, cannot be reached or gives no reply; or it reads a prompt as other
            tokens, or has no room for the answer.
    """
    name = served_name(checkpoint)
    forms = {as_ids: requests_of(prompts, as_ids, name, decoding, reader, endpoint) for as_ids in (True, False)}
    with ReplyStore() as store:
        requests = _answered(forms, store)
        if requests is None:
            requests = forms[asyncio.run(_takes_ids(profile, name, checkpoint, prompts[0]))]
        waiting = sum(not store.has_reply(request.key) for request in requests)
        refused = send(requests, profile, store, Budget(None, None, prices_of(profile), "evaluate.generate"))
        if refused:
            raise UserError(f"refused: {counted(len(refused), 'question')}; {next(iter(refused.values()))}")
        replies = usable_replies(prompts, requests, store)
    note_servers(replies, name, endpoint)
    return [written_of(reply, reader) for reply in replies], waiting


def _answered(forms: dict[bool, list[Request]], store: ReplyStore) -> list[Request] | None:
    """Return the form of the requests that has all replies already, None when none has."""
    return next((form for form in forms.values() if all(store.has_reply(request.key) for request in form)), None)


async def _takes_ids(profile: EndpointProfile, name: str, checkpoint: Path, prompt: Prompt) -> bool:
    """Return whether the server takes prompts as token ids; refuse one that does not hold the checkpoint."""
    how = f"start a server with it: `{start_command(checkpoint)}` (docs/generation.md)"
    async with Client(profile) as client:
        try:
            if name not in (found := await client.models()):
                listed = ", ".join(found) or "no model"
                raise UserError(f"{profile.base_url}: it serves {listed}, and not {name}, which is {checkpoint}; {how}")
            await client.complete({"model": name, "prompt": prompt.ids, "max_tokens": 1, "temperature": 0})
        except Problem as problem:
            if problem.status is None:
                raise UserError(f"{problem}; it is to serve {checkpoint}; {how}") from None
            if problem.status not in UNKNOWN_FORM:
                raise UserError(str(problem)) from None
            print(f"note: {profile.base_url} takes no token ids: prompts are sent as text", file=sys.stderr)
            return False
    return True
