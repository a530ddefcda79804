"""What is counted of the generated conversations, and what they cost: meta.json, and a line for people."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from belle.config.generation import Generation
from belle.endpoints.budget import Budget
from belle.endpoints.estimate import spent_in_words
from belle.endpoints.refusals import refusals
from belle.endpoints.reply import REFUSED, Reply
from belle.endpoints.store import ReplyStore
from belle.endpoints.usage import reported_models, usage_of
from belle.generate_data.keep import Kept
from belle.generate_data.similarity import NAME
from belle.words import counted


def meta_of(generation: Generation, tasks: Kept, dialogues: Kept, replies: Sequence[Reply]) -> dict[str, Any]:
    """Return counts, tokens and cost; all of it follows from the replies, refusals among them."""
    given = [reply for reply in replies if reply.finish_reason != REFUSED]
    return {
        "endpoint": generation.endpoint,
        "model": generation.model.model,
        "reported_models": reported_models(given),
        "similarity": NAME,
        "requests": generation.params.requests + generation.params.dialogues,
        "replies": len(given),
        "refused": refusals(replies),
        "conversations": len(tasks.conversations) + len(dialogues.conversations),
        "tasks": _counts(tasks),
        "dialogues": _counts(dialogues),
        **usage_of(given, generation.prices),
    }


def report(meta: dict[str, Any], store: ReplyStore, budget: Budget) -> None:
    """Say on stderr what was kept, which requests have no reply, and what all attempts have cost at most."""
    kept = counted(meta["conversations"], "conversation")
    print(f"generate_data: {kept}; {spent_in_words(store, budget)}", file=sys.stderr)
    for reason, count in meta["refused"].items():
        print(f"note: requests that were refused: {count}: {reason}", file=sys.stderr)


def _counts(kept: Kept) -> dict[str, Any]:
    reasons = Counter(row["reason"] for row in kept.dropped)
    return {"kept": len(kept.conversations), "dropped": dict(sorted(reasons.items()))}
