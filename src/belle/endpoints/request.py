"""One completion, of a chat or of a prompt: what is asked for, and the key under which its reply is kept."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Message = dict[str, str]
TOKENS_PER_MESSAGE = 32
"""More than any chat template adds to a message: role, separators, and the header of the answer."""


@dataclass(frozen=True)
class Request:
    """A chat completion, or the completion of a prompt.

    Attributes:
        endpoint: name of the endpoint's profile. Where that is reached, with which key, how fast and how often is no
            part of a request: a server on another port does not lose the replies.
        model: as the server calls it.
        messages: `role` and `content` of each; empty with a prompt.
        max_tokens: most tokens of the reply.
        parameters: other keys of the request's body, as JSON values (`temperature`, `response_format`, …).
        token_limit: what the server calls `max_tokens`.
        repeat: tells apart requests that are equal and shall each have a reply of their own.
        prompt: text or token ids to continue, instead of messages.
    """

    endpoint: str
    model: str
    messages: list[Message]
    max_tokens: int
    parameters: dict[str, Any] = field(default_factory=dict)
    token_limit: str = "max_tokens"
    repeat: int = 0
    prompt: str | list[int] | None = None

    @cached_property
    def body(self) -> dict[str, Any]:
        """What is sent."""
        limit = {self.token_limit: self.max_tokens}
        asked = {"messages": self.messages} if self.prompt is None else {"prompt": self.prompt}
        return {"model": self.model, **asked, **limit, **self.parameters}

    @property
    def path(self) -> str:
        """Where it is sent, below the endpoint's address."""
        return path_of(self.body)

    @cached_property
    def canonical(self) -> str:
        """The request as JSON in one form: keys sorted, no spaces."""
        whole = {"endpoint": self.endpoint, "repeat": self.repeat, "body": self.body}
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def key(self) -> str:
        """SHA-256 of the canonical request, hexadecimal."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def most_input_tokens(self) -> int:
        """A bound on the tokens of the prompt: a byte of UTF-8 is one token at most, whatever the tokenizer."""
        if self.prompt is not None:
            return len(self.prompt.encode() if isinstance(self.prompt, str) else self.prompt)
        return sum(len(message["content"].encode()) + TOKENS_PER_MESSAGE for message in self.messages)


def path_of(body: dict[str, Any]) -> str:
    """Return where the body of a request is sent, below the endpoint's address."""
    return "/completions" if "prompt" in body else "/chat/completions"
