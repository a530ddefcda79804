"""From the tokens that a model wrote to its answer: without special tokens, thinking, and turns it makes up itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerBase

from belle.evaluate.backends.stop import Stop
from belle.evaluate.next_turn import cut_at_next_turn
from belle.evaluate.thinking import split_thinking
from belle.tokenizer.encode import ChatEncoder


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


class AnswerReader:
    """Reads answers that were written behind one tokenizer's chat template."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        encoder = ChatEncoder(tokenizer)
        self.headers: Sequence[str] = encoder.turn_headers()
        self._begins_in_thinking = encoder.opens_thinking()
        # a token is a byte at least
        self._longest = max((len(header.encode()) for header in self.headers), default=0)

    def read(self, text: str) -> tuple[str | None, str]:
        """Return thinking (None without) and answer of what a model wrote, given without special tokens."""
        thinking, answer = split_thinking(text, self._begins_in_thinking)
        return thinking, cut_at_next_turn(answer, self.headers)

    def decode(self, ids: Sequence[int]) -> str:
        """Return new tokens as text, without special tokens, every space as the model wrote it."""
        return self.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def has_next_turn(self, ids: Sequence[int]) -> bool:
        """Return whether new tokens have come to the header of a next turn; more of them cannot change the answer."""
        # a look at the last few is cheap, and mostly enough
        if not any(header in self.decode(ids[-self._longest :]) for header in self.headers):
            return False
        return self.is_cut(self.decode(ids))

    def is_cut(self, text: str) -> bool:
        """Return whether a text goes on with a next turn."""
        _, answer = split_thinking(text, self._begins_in_thinking)
        return len(cut_at_next_turn(answer, self.headers)) < len(answer)
