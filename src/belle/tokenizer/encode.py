"""Conversations to token ids: the one place where training and inference meet, so their ids are equal.

A conversation is rendered by the tokenizer's own chat template turn by turn and cut where an answer begins and
where its end-of-sequence token ends. Every piece is tokenized on its own, so that no token crosses the border
between prompt and answer (LianjiaTech/BELLE issue 337: a merged border masks one answer token too many).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import TemplateError

from belle.errors import UserError
from belle.tokenizer.template import refuse_unusable

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Messages = Sequence[dict[str, str]]
Piece = tuple[str, bool]
"""Text of a piece, and whether it is an answer (trained on)."""


class Unencodable(ValueError):
    """A conversation that cannot be encoded faithfully; the argument is the reason, as counted in the metrics."""


@dataclass(frozen=True)
class Encoded:
    """A tokenized conversation.

    Attributes:
        ids: int32 [tokens].
        trained: bool [tokens], true on assistant turns and the end-of-sequence token of each.
    """

    ids: np.ndarray
    trained: np.ndarray


class ChatEncoder:
    """Encodes conversations with one tokenizer and the chat template stored in it."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        refuse_unusable(tokenizer.chat_template, f"tokenizer {tokenizer.name_or_path}")
        if tokenizer.eos_token is None:
            raise UserError(f"tokenizer {tokenizer.name_or_path}: it has no end-of-sequence token")
        self.tokenizer = tokenizer
        self._special = re.compile("|".join(re.escape(token) for token in _special_tokens(tokenizer)))

    def conversation(self, messages: Messages) -> Encoded:
        """Encode a whole conversation for training.

        Raises:
            Unencodable: a message holds a special token, or the template refuses it or rewrites earlier turns.
        """
        encoded = self.conversations([messages])[0]
        if isinstance(encoded, Unencodable):
            raise encoded
        return encoded

    def conversations(self, batch: Sequence[Messages]) -> list[Encoded | Unencodable]:
        """Encode many conversations at once; a conversation that cannot be gives its reason instead."""
        cut = [self._try_pieces(messages) for messages in batch]
        texts = [text for one in cut if not isinstance(one, Unencodable) for text, _ in one]
        ids = iter(self._tokenize(texts))
        return [
            one if isinstance(one, Unencodable) else _join([(next(ids), trained) for _, trained in one]) for one in cut
        ]

    def prompt(self, messages: Messages) -> list[int]:
        """Encode what a model sees before it answers: token ids equal to the ones it was trained on."""
        texts = [text for text, _ in self.pieces(messages, ask=True)]
        return [token for ids in self._tokenize(texts) for token in ids]

    def pieces(self, messages: Messages, ask: bool = False) -> list[Piece]:
        """Cut a conversation into prompt and answer pieces; with `ask` the next answer's header ends it."""
        self._refuse_special(messages)
        pieces: list[Piece] = []
        done = ""
        for turn, message in enumerate(messages):
            if message["role"] != "assistant":
                continue
            header = self._render(messages[:turn], ask=True)
            whole = self._render(messages[: turn + 1])
            pieces += [(_after(done, header), False), (self._answer(_after(header, whole)), True)]
            done = header + pieces[-1][0]
        if ask:
            pieces.append((_after(done, self._render(messages, ask=True)), False))
        return [piece for piece in pieces if piece[0]]

    def _try_pieces(self, messages: Messages) -> list[Piece] | Unencodable:
        try:
            return self.pieces(messages)
        except Unencodable as reason:
            return reason

    def _answer(self, text: str) -> str:
        """The answer up to and with its end-of-sequence token; what the template adds after it is not learned."""
        end = text.find(self.tokenizer.eos_token)
        if end < 0:
            raise Unencodable("no_end_of_sequence")
        return text[: end + len(self.tokenizer.eos_token)]

    def _render(self, messages: Messages, ask: bool = False) -> str:
        try:
            return self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=ask)
        except (TemplateError, ValueError) as error:
            raise Unencodable("template_refuses") from error

    def _tokenize(self, texts: list[str]) -> list[list[int]]:
        return self.tokenizer(texts, add_special_tokens=False)["input_ids"] if texts else []

    def _refuse_special(self, messages: Messages) -> None:
        if any(self._special.search(message["content"]) for message in messages):
            raise Unencodable("special_token")


def _special_tokens(tokenizer: "PreTrainedTokenizerBase") -> list[str]:
    """All of them, longest first: those with a role, and those that the vocabulary only marks as special."""
    marked = {str(token) for token in tokenizer.added_tokens_decoder.values() if token.special}
    return sorted(marked | set(tokenizer.all_special_tokens), key=lambda token: (-len(token), token))


def _after(start: str, whole: str) -> str:
    if not whole.startswith(start):
        raise Unencodable("template_rewrites_history")
    return whole[len(start) :]


def _join(pieces: list[tuple[list[int], bool]]) -> Encoded:
    ids: list[Any] = [token for tokens, _ in pieces for token in tokens]
    trained = [flag for tokens, flag in pieces for _ in tokens]
    return Encoded(np.array(ids, dtype=np.int32), np.array(trained, dtype=bool))
