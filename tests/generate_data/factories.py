"""Replies, tasks and settings of self-instruct."""

from typing import Any

from belle.config.generate_data import SelfInstructParams
from belle.config.generation import Generation
from belle.endpoints.reply import Reply
from endpoints.conftest import endpoint
from factories import PARAMS

WRITTEN = ("enabled", "endpoint", "budget")
"""Keys of the section that the conversations do not depend on."""


def reply(text: str, finish_reason: str = "stop", **changes: Any) -> Reply:
    counts = {"input_tokens": 10, "output_tokens": 5}
    fields = {"text": text, "finish_reason": finish_reason, "refusal": None, "model": "m", "fingerprint": None}
    return Reply.model_validate(fields | counts | changes)


def block(number: int, instruction: str, given: str, output: str) -> str:
    return f"{number}. 指令：{instruction}\n{number}. 输入：\n{given}\n{number}. 输出：\n{output}"


def generation(**changes: Any) -> Generation:
    """What is asked; `changes` are those of its params."""
    params = {key: value for key, value in PARAMS["generate_data"].items() if key not in WRITTEN}
    served = endpoint().model_dump(include={"model", "token_limit"})
    prices = {"currency": "USD", "input": 0.0, "output": 0.0}
    return Generation.model_validate(
        {"endpoint": "test", "model": served, "prices": prices, "seed": 42, "tracked": None}
        | {"params": SelfInstructParams.model_validate(params | changes)}
    )
