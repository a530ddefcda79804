"""Have a language model write conversations, and keep the good ones.

Replies are looked at in the order of their requests, whatever order they arrived in: the same replies give the same
rows.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from belle.config.endpoint import EndpointProfile, ServedModel
from belle.config.generate_data import BudgetParams
from belle.config.generation import Generation
from belle.endpoints.budget import Budget
from belle.endpoints.extract import write_replies
from belle.endpoints.reply import Reply
from belle.endpoints.request import Request
from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.files import write_json
from belle.generate_data.keep import Kept, keep_dialogues, keep_tasks
from belle.generate_data.outputs import CONVERSATIONS, DROPPED, META, REPLIES, write_lines
from belle.generate_data.prompts import dialogue_requests, task_requests
from belle.generate_data.seeds import SeedTask, read_seed_tasks
from belle.generate_data.similarity import NAME


def generate_data(
    generation: Generation, profile: EndpointProfile, budget: BudgetParams, store: ReplyStore, out: Path
) -> None:
    """Write the conversations, the dropped ones with their reasons, the replies of both, and counts, tokens and cost.

    Args:
        generation: what is asked of which model.
        profile: how the model is reached.
        budget: what all requests may cost together, whenever they were sent.
        store: the replies that are here already; receives the others.
        out: an empty folder.

    Raises:
        UserError: seed tasks that are none, or fewer than a request shows; an endpoint that gives no replies; the
            budget. The replies that have arrived are in the store.
    """
    params, limits = generation.params, Budget(budget.tokens, budget.money, generation.model)
    seed_tasks = _seed_tasks(generation)
    requests = task_requests(generation, seed_tasks)
    refused = send(requests, profile, store, limits)
    tasks = keep_tasks(_replies(requests, store), seed_tasks, params.max_similarity)
    questions = [row["messages"][0]["content"] for row in tasks.conversations] + [_question(one) for one in seed_tasks]
    dialogue_questions, about_dialogues = dialogue_requests(generation, questions)
    refused |= send(about_dialogues, profile, store, limits)
    dialogues = keep_dialogues(_replies(about_dialogues, store), dialogue_questions, params.dialogue_turns)
    write_lines(out / CONVERSATIONS, [*tasks.conversations, *dialogues.conversations])
    write_lines(out / DROPPED, [*tasks.dropped, *dialogues.dropped])
    asked = [*requests, *about_dialogues]
    write_replies(out / REPLIES, store, [request.key for request in asked])
    meta = {
        "endpoint": generation.endpoint,
        "model": generation.model.model,
        "seed_tasks": len(seed_tasks),
        "similarity": NAME,
        "requests": len(asked),
        "refused": len(refused),
        "conversations": len(tasks.conversations) + len(dialogues.conversations),
        "tasks": _counts(tasks),
        "dialogues": _counts(dialogues),
    }
    write_json(out / META, meta | _usage([reply for _, reply in _replies(asked, store)], generation.model))
    _report(meta["conversations"], refused, store, generation.model)


def _seed_tasks(generation: Generation) -> list[SeedTask]:
    params = generation.params
    seed_tasks = read_seed_tasks(Path(params.seed_tasks) if params.seed_tasks else None)
    if params.demonstrations > len(seed_tasks):
        raise UserError(
            f"generate_data.demonstrations: {params.demonstrations} are more than the {len(seed_tasks)} seed tasks; "
            "lower it"
        )
    return seed_tasks


def _question(seed_task: SeedTask) -> str:
    return "\n".join(filter(None, [seed_task.instruction, seed_task.instances[0].input]))


def _replies(requests: Sequence[Request], store: ReplyStore) -> Iterator[tuple[int, Reply]]:
    for number, request in enumerate(requests, start=1):
        if reply := store.reply(request.key):
            yield number, reply


def _counts(kept: Kept) -> dict[str, Any]:
    reasons = Counter(row["reason"] for row in kept.dropped)
    return {"kept": len(kept.conversations), "dropped": dict(sorted(reasons.items()))}


def _usage(replies: Sequence[Reply], model: ServedModel) -> dict[str, Any]:
    """Return the tokens of the replies and their cost; null where a server did not count, or a price is unknown."""
    counts = [(reply.input_tokens, reply.output_tokens) for reply in replies]
    known = [(one, two) for one, two in counts if one is not None and two is not None]
    used = (sum(one for one, _ in known), sum(two for _, two in known)) if len(known) == len(counts) else None
    return {
        "models": dict(sorted(Counter(str(reply.model) for reply in replies).items())),
        "input_tokens": used and used[0],
        "output_tokens": used and used[1],
        "cost": model.cost(*used) if used else None,
        "currency": model.currency,
    }


def _report(conversations: int, refused: dict[str, str], store: ReplyStore, model: ServedModel) -> None:
    """Say on stderr what was kept, and what all attempts have cost at most."""
    spent, unknown = store.spent(), store.unknown()
    cost = model.cost(*spent)
    price = "at unknown prices" if cost is None else f"{cost:.4g} {model.currency}"
    print(f"generate_data: {conversations} conversations; {spent.total} tokens, {price}", file=sys.stderr)
    for reason, count in sorted(Counter(refused.values()).items()):
        print(f"note: {count} requests were refused: {reason}", file=sys.stderr)
    if unknown:
        print(f"note: {unknown} attempts were sent and brought no answer; they may be billed", file=sys.stderr)
