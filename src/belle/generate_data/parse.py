"""Read the tasks and dialogues that a model has written.

What the model thought before is left aside. As BELLE's parser it takes labels with either colon. Other than it, a label
counts at the start of a line only, and a task that follows another one without a separator is a task of its own.
"""

import re
from dataclasses import dataclass, replace

from belle.data.tables import Row
from belle.endpoints.reply import CUT_OFF, FILTERED, Reply
from belle.evaluate.thinking import split_thinking
from belle.generate_data.prompts import NO_INPUT, SEPARATOR

TASK_LABEL = re.compile(r"^[ \t#*]*(?:\d+\s*[.．、)]?\s*)?\**(指令|输入|输出)\**\s*[:：]\**[ \t]*", re.MULTILINE)
SPEAKER = re.compile(r"^[ \t*]*(用户|助手)\**\s*[:：]\**[ \t]*", re.MULTILINE)
TAIL = re.compile(rf"(?:(?:^|\n)[ \t]*(?:{SEPARATOR}+|\d+[ \t]*[.．、])?[ \t]*)+\Z")
"""Lines at the end that hold a separator, the number of a task that did not come, or nothing."""


@dataclass(frozen=True)
class Task:
    """What a model has written as one task.

    Attributes:
        id: `REQUEST-TASK`, both counted from 1.
        problem: why it is none, None for a whole task.
    """

    id: str
    instruction: str
    input: str = ""
    output: str = ""
    problem: str | None = None

    @property
    def question(self) -> str:
        """Instruction and input, as a user writes them."""
        return f"{self.instruction}\n{self.input}" if self.input else self.instruction


def parse_tasks(reply: Reply, number: int) -> list[Task]:
    """Return the tasks of a reply; one that cannot be used has a `problem`, `cut_off` or `unparsable`."""
    _, text = split_thinking(reply.text, is_open=False)
    if not (first := TASK_LABEL.search(text)) or first[1] != "指令":
        # the prompt ends with the label of the first instruction
        text = f"指令：{text.lstrip()}"
    labels = [*TASK_LABEL.finditer(text)]
    starts = [index for index, label in enumerate(labels) if label[1] == "指令"]
    tasks = []
    for count, (start, end) in enumerate(zip(starts, [*starts[1:], len(labels)], strict=True), start=1):
        stop = labels[end].start() if end < len(labels) else len(text)
        tasks.append(_task(f"{number}-{count}", text[:stop], labels[start:end]))
    if reply.finish_reason in (CUT_OFF, FILTERED):
        tasks[-1] = replace(tasks[-1], problem="cut_off")
    return tasks


def _task(identity: str, text: str, labels: list[re.Match[str]]) -> Task:
    """Return the task whose labels these are; a label that has been before belongs to the text."""
    first: dict[str, re.Match[str]] = {}
    for label in labels:
        first.setdefault(label[1], label)
    bounds = [*first.values()]
    ends = [*(label.start() for label in bounds[1:]), len(text)]
    parts = {label[1]: TAIL.sub("", text[label.end() : end]).strip() for label, end in zip(bounds, ends, strict=True)}
    instruction = " ".join(parts["指令"].split()).rstrip(":：")
    if [*first] != ["指令", "输入", "输出"]:
        return Task(identity, instruction, problem="unparsable")
    given = "" if NO_INPUT.strip("<>") in parts["输入"] else parts["输入"]
    return Task(identity, instruction, given, parts["输出"])


def parse_dialogue(reply: Reply, question: str, turns: int) -> list[Row]:
    """Return the messages of a dialogue that begins with `question`, the last of them the assistant's.

    A line opens a turn only when it is its speaker's turn. What was cut off, and what goes beyond `turns` questions, is
    left out. With no whole answer there are no messages.
    """
    messages: list[Row] = [{"role": "user", "content": question}]
    _, text = split_thinking(reply.text, is_open=False)
    if (first := SPEAKER.match(text)) and first[1] == "用户":
        # it has repeated the question
        text = text[first.end() :].removeprefix(question).lstrip()
    if not SPEAKER.match(text):
        text = f"助手：{text}"
    start = 0
    for label in SPEAKER.finditer(text):
        role = "user" if label[1] == "用户" else "assistant"
        if role == messages[-1]["role"]:
            continue
        if len(messages) > 1:
            messages[-1]["content"] = text[start : label.start()].strip()
        messages.append({"role": role, "content": ""})
        start = label.end()
    if len(messages) > 1:
        messages[-1]["content"] = text[start:].strip()
    if reply.finish_reason in (CUT_OFF, FILTERED):
        messages.pop()
    messages = messages[: 2 * turns]
    return messages[: len(messages) // 2 * 2]
