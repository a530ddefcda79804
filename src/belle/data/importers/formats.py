"""How the records of each format become messages: one function per format.

A new format is a function, a line in `IMPORTERS` and its keys in `FORMAT_KEYS` (belle.config.data). Importers do not
clean: contents are kept as they are, blanks and empty turns too.
"""

import re
from collections.abc import Callable

from belle.data.importers.records import Record, RowError, list_of, optional_text, text_of

Message = dict[str, str]

ROLES = ("system", "user", "assistant")
SHAREGPT_ROLES = {"human": "user", "user": "user", "system": "system"}
TURN = re.compile(r"(?:^|\n)(Human|Assistant):")
TURN_ROLES = {"Human": "user", "Assistant": "assistant"}


def alpaca(record: Record) -> list[Message]:
    """Read `instruction`, `input` (may be absent) and `output`; a newline joins the first two as in Alpaca."""
    parts = text_of(record, "instruction"), optional_text(record, "input")
    return _exchange("\n".join(filter(None, parts)), text_of(record, "output"))


def belle(record: Record) -> list[Message]:
    """Read BELLE's single turns: `instruction` + `input` + `output`, or the older `input` + `target`.

    Instruction and input are joined with nothing between, as BELLE's `convert_to_conv_data.py` does. train_0.5M_CN is
    published in both schemas; a table that holds rows of both fills the keys of the other with null.
    """
    if record.get("target") is not None:
        return _exchange(text_of(record, "input"), text_of(record, "target"))
    return _exchange(text_of(record, "instruction") + (optional_text(record, "input") or ""), text_of(record, "output"))


def sharegpt(record: Record) -> list[Message]:
    """Read `conversations`, a list of `from` and `value`, as in ShareGPT and in BELLE's conversation files.

    As in BELLE's training code every speaker who is not the human is the assistant (`gpt`, `bard`, …);
    `system` and `user`, which BELLE did not know, mean what they say.
    """
    turns = list_of(record, "conversations")
    return [
        {
            "role": SHAREGPT_ROLES.get(text_of(turn, "from").lower(), "assistant"),
            "content": text_of(turn, "value"),
        }
        for turn in turns
    ]


def belle_multiturn(record: Record) -> list[Message]:
    r"""Read BELLE's multi-turn text: `instruction` holds `Human:…\nAssistant:…\nHuman:…\nAssistant:`.

    `output` is the last reply; text behind the last `Assistant:` is its beginning. A line opens a turn only
    when it is its speaker's turn; other such lines are content (a quoted dialogue). BELLE published no parser.
    """
    history = text_of(record, "instruction")
    messages: list[Message] = []
    start = 0
    for mark in TURN.finditer(history):
        role = TURN_ROLES[mark[1]]
        if role != ("assistant" if len(messages) % 2 else "user"):
            continue
        if messages:
            messages[-1]["content"] = history[start : mark.start()]
        elif mark.start() > 0:
            break
        messages.append({"role": role, "content": ""})
        start = mark.end()
    if not messages:
        raise RowError("key 'instruction': expected a history that begins with 'Human:'")
    messages[-1]["content"] = history[start:]
    if messages[-1]["role"] == "user":
        messages.append({"role": "assistant", "content": ""})
    messages[-1]["content"] += text_of(record, "output")
    return messages


def openai(record: Record) -> list[Message]:
    """Read `messages`, a list of `role` (system, user, assistant) and `content`, a string."""
    return [{"role": _role(message), "content": text_of(message, "content")} for message in list_of(record, "messages")]


IMPORTERS: dict[str, Callable[[Record], list[Message]]] = {
    "alpaca": alpaca,
    "belle": belle,
    "sharegpt": sharegpt,
    "belle-multiturn": belle_multiturn,
    "openai": openai,
    "conversations": openai,
}
"""`conversations` is this project's own table, whose messages are written as OpenAI's."""


def _exchange(question: str, answer: str) -> list[Message]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def _role(message: Record) -> str:
    role = text_of(message, "role")
    if role not in ROLES:
        raise RowError(f"key 'role': unknown role {role!r}; known roles: {', '.join(ROLES)}")
    return role
