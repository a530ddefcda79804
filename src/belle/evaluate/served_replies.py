"""What a server's replies are as answers, and which of them are none: those that a wrong set-up has spoiled."""

import sys
from collections import Counter
from collections.abc import Sequence

from belle.endpoints.reply import CUT_OFF, FILTERED, WHOLE, Reply
from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.evaluate.answer_reader import AnswerReader, Written
from belle.evaluate.backends.backend import Prompt
from belle.evaluate.backends.stop import Stop

STOPS: dict[str | None, Stop] = {WHOLE: "eos", CUT_OFF: "length", FILTERED: "content_filter"}
"""By `finish_reason`. An answer that ends for another one is not whole."""


def usable_replies(prompts: Sequence[Prompt], requests: Sequence[Request], store: ReplyStore) -> list[Reply]:
    """Return the replies; forget those that a wrong set-up of the server has spoiled, and refuse them.

    Raises:
        UserError: the server reads a prompt as other tokens, has no room for an answer or gives no whole one.
    """
    replies: list[Reply] = []
    problems: list[str] = []
    for prompt, request in zip(prompts, requests, strict=True):
        reply = store.reply(request.key)
        if reply is None or (problem := _problem(prompt, request, reply)):
            problems.append(f"question {prompt.id}: {problem if reply else 'no reply'}")
            store.reject(request.key)
        else:
            replies.append(reply)
    if problems:
        raise UserError(f"{problems[0]}; so it is with {len(problems)} of {len(prompts)} questions")
    return replies


def note_servers(replies: Sequence[Reply], model: str, endpoint: str) -> None:
    """Say when another model answered than was asked for, or when not all replies come from the same server.

    Servers report both by themselves: a name, and a mark of their version or configuration.
    """
    found = Counter((one.model, one.fingerprint) for one in replies)
    if len(found) > 1 or not {name for name, _ in found} <= {model, None}:
        servers = ", ".join(
            f"{count} of {name or 'an unnamed model'}{f' ({mark})' if mark else ''}"
            for (name, mark), count in found.items()
        )
        print(f"note: {endpoint}: {model} was asked for; the replies are {servers}", file=sys.stderr)


def written_of(reply: Reply, reader: AnswerReader) -> Written:
    """Return what a usable reply says."""
    # counted by ourselves: servers differ in whether the end token is one
    tokens = len(reader.tokenizer(reply.text, add_special_tokens=False)["input_ids"])
    return Written(reply.text, tokens, "turn" if reader.is_cut(reply.text) else STOPS[reply.finish_reason])


def _problem(prompt: Prompt, request: Request, reply: Reply) -> str | None:
    """Return what is wrong with a reply, None when nothing is."""
    if reply.input_tokens is None and isinstance(request.prompt, str):
        return "the server does not say how many tokens it read; take one that does (`usage`)"
    if reply.input_tokens is not None and reply.input_tokens != len(prompt.ids):
        return (
            f"the server read {reply.input_tokens} tokens, the prompt has {len(prompt.ids)}: its tokenizer is another "
            "one, or it adds a token at the beginning"
        )
    if reply.finish_reason == CUT_OFF and reply.output_tokens is not None and reply.output_tokens < request.max_tokens:
        return (
            f"the server ended the answer after {reply.output_tokens} of {request.max_tokens} tokens; start it with a "
            "longer context"
        )
    if reply.finish_reason not in STOPS:
        return f"its finish_reason is {reply.finish_reason}, none of {', '.join(map(str, STOPS))}: it may not be whole"
    return None
