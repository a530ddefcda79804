"""A server's answer to a chat completion or the completion of a prompt, read from the body that it sent."""

from typing import Any

from pydantic import BaseModel, Field, ValidationError

from belle.endpoints.budget import Tokens

REFUSED = "refused"
"""`finish_reason` under which a refusal of the server is kept as a reply, so that nobody asks again."""


WHOLE, CUT_OFF, FILTERED = "stop", "length", "content_filter"
"""`finish_reason` of a reply that ended by itself, at its most tokens, or by a filter of the server."""
OTHER_NAMES = {"sensitive": FILTERED}
"""Of these reasons, as Zhipu's."""
BROKEN_OFF = ("error", "abort", "insufficient_system_resource", "network_error")
"""`finish_reason` of a server (OpenRouter's, vLLM's, DeepSeek's, Zhipu's) that could not go on: a part is no reply."""
MOST_TOKENS = 2**31
"""That a server can have counted; SQLite would not take the largest whole numbers of JSON."""


class MalformedReply(Exception):
    """The body is no completion; the message says in a few words why not."""


class BrokenOffReply(MalformedReply):
    """The server began a completion and could not go on."""


class Reply(BaseModel):
    """What is used of an answer.

    Attributes:
        text: empty when the server sent none.
        finish_reason: `WHOLE`, `CUT_OFF`, `FILTERED` or what else the server calls it; None when it does not say.
        refusal: the model's refusal, where the server keeps it apart from the text.
        model: the model that the server says it used.
        fingerprint: the server's own mark of the configuration it ran.
        input_tokens: of the prompt, None when the server did not count them.
        output_tokens: of the reply, None when the server did not count them.
    """

    text: str
    finish_reason: str | None
    refusal: str | None
    model: str | None
    fingerprint: str | None
    input_tokens: int | None
    output_tokens: int | None

    @property
    def tokens(self) -> Tokens | None:
        """What it took, None when the server did not count."""
        if self.input_tokens is None or self.output_tokens is None:
            return None
        return Tokens(self.input_tokens, self.output_tokens)

    def as_body(self) -> bytes:
        """Return a chat completion that `parse_reply` reads as this reply, without its server's ids and times."""
        message = _Message(content=self.text, refusal=self.refusal)
        completion = _Completion(
            choices=[_Choice(message=message, finish_reason=self.finish_reason)],
            model=self.model,
            system_fingerprint=self.fingerprint,
            usage=_Usage(prompt_tokens=self.input_tokens, completion_tokens=self.output_tokens),
        )
        return completion.model_dump_json().encode()


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    """A `message` in a chat, `text` behind a prompt."""

    message: _Message | None = None
    text: str | None = None
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = Field(default=None, ge=0, le=MOST_TOKENS)
    completion_tokens: int | None = Field(default=None, ge=0, le=MOST_TOKENS)


class _Completion(BaseModel):
    """The part of OpenAI's completions that every server has; other keys are passed over."""

    choices: list[_Choice] = Field(min_length=1)
    model: str | None = None
    system_fingerprint: str | None = None
    usage: _Usage | None = None


def read_answer(body: bytes) -> Reply:
    """Read the body of an answer with status 200 that has just arrived.

    Raises:
        MalformedReply: it is no completion; a `BrokenOffReply` if it is a part of one.
    """
    reply = parse_reply(body)
    if reply.finish_reason in BROKEN_OFF:
        raise BrokenOffReply(f"finish_reason: {reply.finish_reason}")
    return reply


def parse_reply(body: bytes) -> Reply:
    """Read the body of a completion.

    Raises:
        MalformedReply: it is no chat completion.
    """
    try:
        found = _Completion.model_validate_json(body)
    except ValidationError as error:
        detail: Any = error.errors(include_url=False, include_input=False)[0]
        at = ".".join(map(str, detail["loc"]))
        raise MalformedReply(f"{at}: {detail['msg']}" if at else detail["msg"]) from None
    choice, usage = found.choices[0], found.usage
    if choice.message is None and choice.text is None:
        raise MalformedReply("choices.0: neither a message nor a text")
    return Reply(
        text=(choice.message.content if choice.message else choice.text) or "",
        finish_reason=OTHER_NAMES.get(choice.finish_reason or "", choice.finish_reason),
        refusal=choice.message.refusal if choice.message else None,
        model=found.model,
        fingerprint=found.system_fingerprint,
        input_tokens=usage.prompt_tokens if usage else None,
        output_tokens=usage.completion_tokens if usage else None,
    )
