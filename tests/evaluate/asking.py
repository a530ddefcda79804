"""Prompts and ways of decoding them."""

from collections.abc import Sequence

from belle.config.base import read_yaml
from belle.config.decoding import DecodingProfile
from belle.config.generate import GenerateParams
from belle.evaluate.backends.backend import Backend, Generation, Prompt
from belle.evaluate.backends.decoding import Decoding
from factories import PARAMS, ROOT

HOT = {"temperature": 1.0, "top_k": 30, "top_p": 0.95, "repetition_penalty": 1.2}
"""A profile under which every token is a choice."""


def profile(name: str = "greedy", **changes: object) -> DecodingProfile:
    """A profile of configs/decoding, with changes."""
    return DecodingProfile.model_validate(read_yaml(ROOT / f"configs/decoding/{name}.yaml") | changes)


def generate_params(**changes: object) -> GenerateParams:
    """Section `evaluate.generate`: eight tokens, greedy, in batches of four."""
    small = {"max_new_tokens": 8, "batch_size": 4}
    return GenerateParams.model_validate(PARAMS["evaluate"]["generate"] | small | changes)


def decoding(
    max_new_tokens: int,
    name: str = "greedy",
    seed: int = 0,
    ends: Sequence[int] = (0,),
    turn: int | None = None,
    **changes: object,
) -> Decoding:
    """How to decode; `turn` is a token that begins the next turn."""
    next_turn = None if turn is None else (lambda ids: turn in ids)
    return Decoding(profile(name, **changes), seed, max_new_tokens, ends, next_turn)


def prompts_of(ids: Sequence[list[int]]) -> list[Prompt]:
    """Prompts of questions q0, q1, …"""
    return [Prompt(f"q{number}", one) for number, one in enumerate(ids)]


def generated(backend: Backend, prompts: Sequence[Prompt] | Sequence[list[int]], how: Decoding) -> list[Generation]:
    """The answers in the order of the prompts."""
    asked = [
        one if isinstance(one, Prompt) else prompt for one, prompt in zip(prompts, prompts_of(prompts), strict=True)
    ]
    found = {prompt.id: generation for prompt, generation in backend.generate(asked, how)}
    return [found[prompt.id] for prompt in asked]
