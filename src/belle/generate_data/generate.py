"""Have a language model write conversations, and keep the good ones.

Replies are looked at in the order of their requests, whatever order they arrived in: the same replies give the same
rows.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from belle.config.budget import BudgetParams
from belle.config.endpoint import EndpointProfile
from belle.config.generation import Generation
from belle.endpoints.budget import Budget
from belle.endpoints.extract import write_replies
from belle.endpoints.refusals import send_and_keep_refusals
from belle.endpoints.reply import REFUSED, Reply
from belle.endpoints.request import Request
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.files import write_json
from belle.generate_data.keep import keep_dialogues, keep_tasks
from belle.generate_data.meta import meta_of, report
from belle.generate_data.outputs import CONVERSATIONS, DROPPED, META, REPLIES, write_lines
from belle.generate_data.prompts import dialogue_requests, task_requests
from belle.generate_data.seeds import SeedTask, read_seed_tasks


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
    params = generation.params
    limits = Budget(budget.tokens, budget.money, generation.prices, "generate_data.budget")
    seed_tasks = _seed_tasks(generation)
    requests = task_requests(generation, seed_tasks)
    send_and_keep_refusals(requests, profile, store, limits)
    tasks = keep_tasks(_replies(requests, store), seed_tasks, params.max_similarity)
    questions = [row["messages"][0]["content"] for row in tasks.conversations] + [_question(one) for one in seed_tasks]
    dialogue_questions, about_dialogues = dialogue_requests(generation, questions)
    asked = [*requests, *about_dialogues]
    # with the tasks, whose replies show that the endpoint takes such requests
    send_and_keep_refusals(asked, profile, store, limits)
    dialogues = keep_dialogues(_replies(about_dialogues, store), dialogue_questions, params.dialogue_turns)
    write_lines(out / CONVERSATIONS, [*tasks.conversations, *dialogues.conversations])
    write_lines(out / DROPPED, [*tasks.dropped, *dialogues.dropped])
    write_replies(out / REPLIES, store, [request.key for request in asked])
    replies = [reply for request in asked if (reply := store.reply(request.key))]
    meta = meta_of(generation, tasks, dialogues, replies)
    write_json(out / META, meta)
    report(meta, store, limits)


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
        reply = store.reply(request.key)
        if reply and reply.finish_reason != REFUSED:
            yield number, reply
