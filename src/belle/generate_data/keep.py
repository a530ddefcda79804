"""Which tasks and dialogues of the replies are kept, in the order of their requests."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from belle.data.tables import Row
from belle.endpoints.reply import Reply
from belle.generate_data.filters import dialogue_drop_reason, drop_reason, without_address
from belle.generate_data.parse import Task, parse_dialogue, parse_tasks
from belle.generate_data.seeds import SeedTask
from belle.generate_data.similarity import SeenInstructions
from belle.progress import progress

Replies = Iterable[tuple[int, Reply]]
"""Number of the request, from 1, and the reply to it; requests that were refused are left out."""


class Kept(NamedTuple):
    """What became of the replies.

    Attributes:
        conversations: kept ones, `id` and `messages`.
        dropped: the others: `id`, `reason`, `match` and `similarity` of an instruction that repeats another one (null
            for other reasons), and what was written.
    """

    conversations: list[Row]
    dropped: list[Row]


def keep_tasks(replies: Replies, seed_tasks: Sequence[SeedTask], max_similarity: float) -> Kept:
    """Keep the tasks that no filter drops and that repeat neither a seed task nor a kept one."""
    seen, kept = SeenInstructions(max_similarity), Kept([], [])
    for seed_task in seed_tasks:
        seen.add(seed_task.id, seed_task.instruction)
    with progress("compare tasks", unit="replies") as bar:
        for number, reply in replies:
            for task in map(without_address, parse_tasks(reply, number)):
                reason = drop_reason(task)
                match = None if reason else seen.match(task.instruction)
                if reason or match:
                    kept.dropped.append(_dropped(task, reason or "similar", *(match or (None, None))))
                else:
                    seen.add(task.id, task.instruction)
                    kept.conversations.append({"id": task.id, "messages": _messages(task)})
            bar.advance()
    return kept


def keep_dialogues(replies: Replies, questions: Sequence[str], turns: int) -> Kept:
    """Keep the dialogues that no filter drops; `questions` are what they begin with, by the number of their request."""
    kept = Kept([], [])
    for number, reply in replies:
        messages = parse_dialogue(reply, questions[number - 1], turns)
        identity, reason = f"dialogue-{number}", dialogue_drop_reason(messages)
        if reason:
            empty = {"match": None, "similarity": None}
            kept.dropped.append({"id": identity, "reason": reason} | empty | {"messages": messages})
        else:
            kept.conversations.append({"id": identity, "messages": messages})
    return kept


def _messages(task: Task) -> list[Row]:
    return [{"role": "user", "content": task.question}, {"role": "assistant", "content": task.output}]


def _dropped(task: Task, reason: str, match: str | None, similarity: float | None) -> Row:
    row = {"id": task.id, "reason": reason, "match": match, "similarity": similarity}
    return row | {"messages": _messages(task)}
