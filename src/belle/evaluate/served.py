"""Answers of a checkpoint that a server holds: vLLM, llama.cpp, or another one with OpenAI's completions.

Prompts go out as token ids where the server takes them, otherwise as text, and then the server must count as many
tokens. The model is asked for by a name that holds a digest of the checkpoint: no other one answers by mistake.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from belle.checkpoints.adapters import read_base_precision, weights_digest
from belle.checkpoints.resolve import ADAPTER_CONFIG, resolve_checkpoint
from belle.config.decoding import DecodingProfile
from belle.config.endpoint import EndpointProfile
from belle.config.prices import prices_of
from belle.endpoints.budget import Budget
from belle.endpoints.client import Client
from belle.endpoints.problems import Problem
from belle.endpoints.reply import Reply
from belle.endpoints.request import Request
from belle.endpoints.send import send
from belle.endpoints.store import ReplyStore
from belle.errors import UserError
from belle.evaluate.answer_reader import AnswerReader
from belle.evaluate.backends.backend import Prompt, Stop
from belle.evaluate.backends.decoding import Decoding, digest_number
from belle.files import read_json_object

DIGITS = 12
"""Of the digest in a served model's name."""
UNKNOWN_FORM = (400, 422, 500)
"""How servers answer a prompt of token ids that they do not know; llama-cpp-python's says 500."""
LENGTH = "length"
"""`finish_reason` of an answer that was cut."""


@dataclass(frozen=True)
class Written:
    """What a model wrote behind a prompt.

    Attributes:
        text: without special tokens; thinking and a next turn may be in it.
        tokens: how many, the end token not counted.
        stop: why there are no more.
    """

    text: str
    tokens: int
    stop: Stop


def served_name(checkpoint: Path) -> str:
    """Return the name under which a server has to serve a checkpoint: `belle-` and a digest of its weights."""
    return f"belle-{weights_digest(resolve_checkpoint(checkpoint))[:DIGITS]}"


def start_command(checkpoint: Path) -> str:
    """Return how a server is started with a checkpoint: vLLM, or llama.cpp for adapters that vLLM cannot apply."""
    files, name = resolve_checkpoint(checkpoint), served_name(checkpoint)
    parts = [f"vllm serve {files.base} --generation-config vllm"]
    if files.tokenizer != files.base:
        parts.append(f"--tokenizer {files.tokenizer}")
    if not files.adapters:
        return " ".join([*parts, f"--served-model-name {name}"])
    adapter = files.adapters[-1]
    config = read_json_object(adapter / ADAPTER_CONFIG, "train it again")
    is_plain = not config.get("use_dora") and not config.get("modules_to_save")
    if len(files.adapters) > 1 or not is_plain or read_base_precision(adapter) == "nf4":
        return f"python -m llama_cpp.server --model models/quantized/gguf-f16/model.gguf --model_alias {name}"
    # vLLM has room for ranks of 8, 16, 32, …
    most = max(8, 1 << (config["r"] - 1).bit_length())
    return " ".join([*parts, f"--enable-lora --max-lora-rank {most} --lora-modules {name}={adapter}"])


def served_answers(
    checkpoint: Path,
    prompts: Sequence[Prompt],
    decoding: Decoding,
    reader: AnswerReader,
    endpoint: str,
    profile: EndpointProfile,
) -> tuple[list[Written], int]:
    """Return what the served checkpoint writes, in the order of the prompts, and how many of them were sent now.

    Args:
        checkpoint: of the model chain.
        prompts: what it is to continue.
        decoding: how.
        reader: of its template.
        endpoint: name of the profile, under which the replies are kept.
        profile: how the server is reached.

    Raises:
        UserError: the server holds another model, cannot be reached or gives no reply; or it reads a prompt as other
            tokens, or has no room for the answer.
    """
    name = served_name(checkpoint)
    as_ids = asyncio.run(_takes_ids(profile, name, checkpoint, prompts[0]))
    requests = [_request(prompt, as_ids, name, decoding, reader, endpoint) for prompt in prompts]
    with ReplyStore() as store:
        waiting = sum(not store.has_reply(request.key) for request in requests)
        refused = send(requests, profile, store, Budget(None, None, prices_of(profile), "evaluate.generate"))
        if refused:
            raise UserError(f"{len(refused)} questions are refused; {next(iter(refused.values()))}")
        replies = _usable_replies(prompts, requests, store)
    written = [_written(reply, reader) for reply in replies]
    return written, waiting


def _usable_replies(prompts: Sequence[Prompt], requests: Sequence[Request], store: ReplyStore) -> list[Reply]:
    """Return the replies; forget those that a wrong set-up of the server has spoiled, and refuse them."""
    replies: list[Reply] = []
    problems: list[str] = []
    for prompt, request in zip(prompts, requests, strict=True):
        reply = store.reply(request.key)
        if reply is None or (problem := _problem(prompt, request, reply)):
            problems.append(f"question {prompt.id}: {problem if reply else 'no reply'}")
            store.reject(request.key)
        else:
            replies.append(reply)
    if problems:
        raise UserError(f"{problems[0]}; so it is with {len(problems)} of {len(prompts)} questions")
    return replies


async def _takes_ids(profile: EndpointProfile, name: str, checkpoint: Path, prompt: Prompt) -> bool:
    """Return whether the server takes prompts as token ids; refuse one that does not hold the checkpoint."""
    how = f"start a server with it: `{start_command(checkpoint)}` (docs/generation.md)"
    async with Client(profile) as client:
        try:
            if name not in (found := await client.models()):
                listed = ", ".join(found) or "no model"
                raise UserError(f"{profile.base_url}: it serves {listed}, and not {name}, which is {checkpoint}; {how}")
            await client.complete({"model": name, "prompt": prompt.ids, "max_tokens": 1, "temperature": 0})
        except Problem as problem:
            if problem.status is None:
                raise UserError(f"{problem}; it is to serve {checkpoint}; {how}") from None
            if problem.status not in UNKNOWN_FORM:
                raise UserError(str(problem)) from None
            print(f"note: {profile.base_url} takes no token ids: prompts are sent as text", file=sys.stderr)
            return False
    return True


def _request(
    prompt: Prompt, as_ids: bool, name: str, decoding: Decoding, reader: AnswerReader, endpoint: str
) -> Request:
    text = reader.tokenizer.decode(prompt.ids, clean_up_tokenization_spaces=False)
    return Request(
        endpoint=endpoint,
        model=name,
        messages=[],
        prompt=prompt.ids if as_ids else text,
        max_tokens=decoding.max_new_tokens,
        parameters=sampling_parameters(decoding.profile, digest_number(decoding.seed, prompt.id) >> 33),
    )


def sampling_parameters(profile: DecodingProfile, seed: int) -> dict[str, float | int]:
    """Return what a server has to be told for a decoding profile; what is left out it would choose by itself.

    Args:
        profile: how the next token is chosen.
        seed: below 2^31.
    """
    return {
        "temperature": profile.temperature,
        "top_k": profile.top_k or 0,
        "top_p": profile.top_p or 1.0,
        "min_p": 0.0,
        # vLLM's name of it and llama.cpp's
        "repetition_penalty": profile.repetition_penalty,
        "repeat_penalty": profile.repetition_penalty,
        "seed": seed,
    }


def _problem(prompt: Prompt, request: Request, reply: Reply) -> str | None:
    """Return what is wrong with a reply, None when nothing is."""
    if reply.input_tokens is None and isinstance(request.prompt, str):
        return "the server does not say how many tokens it read; take one that does (`usage`)"
    if reply.input_tokens is not None and reply.input_tokens != len(prompt.ids):
        return (
            f"the server read {reply.input_tokens} tokens, the prompt has {len(prompt.ids)}: its tokenizer is another "
            "one, or it adds a token at the beginning"
        )
    if reply.finish_reason == LENGTH and reply.output_tokens is not None and reply.output_tokens < request.max_tokens:
        return (
            f"the server ended the answer after {reply.output_tokens} of {request.max_tokens} tokens; start it with a "
            "longer context"
        )
    return None


def _written(reply: Reply, reader: AnswerReader) -> Written:
    # counted by ourselves: servers differ in whether the end token is one
    tokens = len(reader.tokenizer(reply.text, add_special_tokens=False)["input_ids"])
    stop: Stop = "length" if reply.finish_reason == LENGTH else "eos"
    return Written(reply.text, tokens, "turn" if reader.is_cut(reply.text) else stop)
