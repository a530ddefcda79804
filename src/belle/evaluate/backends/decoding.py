"""How every backend turns logits into tokens, and when it stops: one implementation for all of them.

Drawn tokens repeat: the noise comes from the seed, the question and the number of the token alone, so neither the batch
size nor the other questions nor the backend changes it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from transformers import (
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from belle.config.decoding import DecodingProfile


@dataclass(frozen=True)
class Decoding:
    """What decides an answer beside model and prompt.

    Attributes:
        profile: how the next token is chosen.
        seed: of the noise that tokens are drawn with.
        max_new_tokens: most tokens of an answer.
        ends: ids of the tokens that end an answer, at least one.
        next_turn: tells of new tokens whether the model has gone on with the user's next turn; None where the template
            leaves nothing to look for.
    """

    profile: DecodingProfile
    seed: int
    max_new_tokens: int
    ends: Sequence[int]
    next_turn: Callable[[Sequence[int]], bool] | None

    def choose(self, texts: torch.Tensor, logits: torch.Tensor, questions: Sequence[str], step: int) -> torch.Tensor:
        """Return the next token of several texts: int64 [texts].

        Args:
            texts: prompts with the answers so far: int64 [texts, tokens].
            logits: float32 [texts, vocabulary].
            questions: id of the question of each text.
            step: how many tokens the answers have so far.
        """
        logits = self._processors(texts, logits)
        if self.profile.temperature == 0:
            return logits.argmax(dim=-1)
        # inverse transform sampling; double, so that the sum over a whole vocabulary is exact enough
        cumulative = logits.double().softmax(dim=-1).cumsum(dim=-1)
        noise = [[uniform(self.seed, question, step)] for question in questions]
        drawn = torch.tensor(noise, dtype=torch.float64, device=logits.device) * cumulative[:, -1:]
        return torch.searchsorted(cumulative, drawn, right=True).squeeze(1)

    def has_next_turn(self, ids: Sequence[int]) -> bool:
        """Return whether new tokens have come to a next turn, which ends the answer."""
        return self.next_turn is not None and self.next_turn(ids)

    @cached_property
    def _processors(self) -> LogitsProcessorList:
        """What the profile makes of logits, in the order of transformers' own sampling."""
        found, profile = LogitsProcessorList(), self.profile
        if profile.repetition_penalty != 1:
            found.append(RepetitionPenaltyLogitsProcessor(profile.repetition_penalty))
        if profile.temperature > 0:
            found.append(TemperatureLogitsWarper(profile.temperature))
        if profile.top_k is not None:
            found.append(TopKLogitsWarper(profile.top_k))
        if profile.top_p is not None and profile.top_p < 1:
            found.append(TopPLogitsWarper(profile.top_p))
        return found


def uniform(seed: int, question: str, step: int) -> float:
    """Return a number from 0 to below 1 that is as good as random, and always the same for the same arguments."""
    return (digest_number(seed, question, step) >> 11) / 2**53


def digest_number(*parts: object) -> int:
    """Return the first 64 bits of a SHA-256 over some values."""
    return int.from_bytes(hashlib.sha256("\n".join(map(str, parts)).encode()).digest()[:8], "big")
