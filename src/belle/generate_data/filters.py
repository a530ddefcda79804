"""Which of the written tasks and dialogues are dropped, and why: BELLE's filters, each with a reason of its own.

What BELLE did in passing and is left to the stage `clean`: English answers, inputs that are missing, refusals.
"""

import re
from dataclasses import replace

from belle.data.tables import Row
from belle.generate_data.parse import Task

SHORTEST_INSTRUCTION = 4
LONGEST_INSTRUCTION, LONGEST_WITH_EXAMPLE = 100, 150
"""Characters of an instruction that has an input beside it; a longer one tends to hold the input itself."""
EXAMPLE_WORDS = ("示例", "例子")
OTHER_MEDIA = (
    "图像", "图片", "照片", "文件", "图表", "图层", "曲线图", "折线图", "直线图", "柱形图", "饼状图", "链接", "http",
)  # fmt: skip
"""In an instruction or its input: what a model of text cannot see."""
MODEL_NAMES = re.compile(r"gpt|openai", re.IGNORECASE)

NAME = r"(?:一个)?\s*(?:Chat)?GPT(?:-?\d(?:\.\d)?)?\s*(?:语言)?(?:模型)?\s*"
MODAL = r"(?:应该|应当|需要|能够|能|可以|必须|要|来|去)"
PURPOSE = re.compile(rf"[，,]\s*(?:以便|以使|使得?|让)\s*{NAME}[^，。；！？,;!?]*", re.IGNORECASE)
"""A clause at the end, as in “，以便GPT能够回答”: removed whole."""
ADDRESS = re.compile(
    rf"(?:(?:请|要求|希望|需要|让|使用|利用|通过|训练|由|用)+\s*{NAME}{MODAL}*|^\s*{NAME}{MODAL}+)[，,]?\s*",
    re.IGNORECASE,
)
"""The model as the one who is asked, as in “请让GPT模型” or “GPT应该”: the sentence goes on without it."""


def without_address(task: Task) -> Task:
    """Return a task whose instruction no longer says that a model is to do it."""
    return replace(task, instruction=ADDRESS.sub("", PURPOSE.sub("", task.instruction)).strip())


def drop_reason(task: Task) -> str | None:
    """Return why a task is dropped on its own account, None when it is not."""
    if task.problem:
        return task.problem
    asked = task.question
    longest = LONGEST_WITH_EXAMPLE if any(word in task.instruction for word in EXAMPLE_WORDS) else LONGEST_INSTRUCTION
    reasons = {
        "short_instruction": len(task.instruction) < SHORTEST_INSTRUCTION,
        "empty_output": not task.output,
        "other_media": any(word in asked for word in OTHER_MEDIA),
        "model_named": MODEL_NAMES.search(f"{asked}\n{task.output}") is not None,
        "long_instruction": bool(task.input) and len(task.instruction) >= longest,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def dialogue_drop_reason(messages: list[Row]) -> str | None:
    """Return why a dialogue is dropped, None when it is not."""
    reasons = {
        "few_turns": len(messages) < 4,
        "empty_message": not all(message["content"] for message in messages),
        "model_named": any(MODEL_NAMES.search(message["content"]) for message in messages[1:]),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
