"""Encode conversations as token ids, for training and inference alike: the ids of a prompt are equal in both.

A conversation is rendered by the tokenizer's own chat template turn by turn and cut where an answer begins and
where its end-of-sequence token ends. Every part is tokenized by itself, so that no token crosses the border
between prompt and answer (LianjiaTech/BELLE issue 337: a merged border masks one answer token too many).

Some templates write an answer in one way while it is the last and in another once a question follows (Qwen3 leaves
out the thinking of earlier answers). What the model sees before its second answer then does not begin with what it saw
and wrote before. Such a conversation becomes several sequences, in each of which the loss is on answers as the model
gives them, behind prompts as it sees them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jinja2 import TemplateError
from transformers.utils.chat_template_utils import _compile_jinja_template

from belle.errors import UserError
from belle.tokenizer.plain_text import ids_of
from belle.tokenizer.template import usable_template
from belle.tokenizer.thinking import opens_thinking, with_empty_thinking

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Messages = Sequence[dict[str, str]]
Part = tuple[str, bool]
"""Text of a part of a conversation, and whether it is an answer (in the loss)."""


class EncodingError(ValueError):
    """A conversation that cannot be encoded faithfully; the argument is the reason, as counted in the metrics."""


@dataclass(frozen=True)
class Encoded:
    """A tokenized conversation, or one of its sequences.

    Attributes:
        ids: int32 [tokens].
        loss_mask: bool [tokens], true on assistant turns and the end-of-sequence token of each.
    """

    ids: np.ndarray
    loss_mask: np.ndarray


class ChatEncoder:
    """Encodes conversations with one tokenizer and the chat template stored in it.

    Args:
        tokenizer: has a chat template and an end-of-sequence token.

    Raises:
        UserError: the tokenizer has no usable chat template, or no end-of-sequence token.
    """

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        usable_template(tokenizer.chat_template, f"tokenizer {tokenizer.name_or_path}")
        if not tokenizer.eos_token:
            raise UserError(f"tokenizer {tokenizer.name_or_path}: it has no end-of-sequence token")
        self.tokenizer = tokenizer
        self._eos: str = tokenizer.eos_token
        # what apply_chat_template does for messages of plain strings, in a third of the time: each rendering would
        # make plain values of plain values, and copy a chain of mappings
        self._template = _compile_jinja_template(tokenizer.chat_template)
        self._template.globals = dict(self._template.globals)
        self._named_tokens = {name: str(token) for name, token in tokenizer.special_tokens_map.items()}
        self._special = re.compile("|".join(re.escape(token) for token in _special_tokens(tokenizer)))

    def encode(self, messages: Messages, add_generation_prompt: bool = False) -> Encoded:
        """Encode one conversation as the model sees it at its end: the last of its sequences.

        Args:
            messages: the turns.
            add_generation_prompt: end with the header of the next answer: what a model sees before it answers.
                Its ids are those the model was trained on.

        Raises:
            EncodingError: a message holds a special token, or the template refuses it or rewrites the prompt.
        """
        parts = self.sequences(messages, add_generation_prompt)[-1]
        return _join(parts, iter(self._tokenize([text for text, _ in parts])))

    def encode_batch(self, batch: Sequence[Messages]) -> list[list[Encoded] | EncodingError]:
        """Encode all sequences of many conversations at once; one that cannot be encoded gives its error instead."""
        cut = [self._try_sequences(messages) for messages in batch]
        sequences = [parts for one in cut if not isinstance(one, EncodingError) for parts in one]
        ids = iter(self._tokenize([text for parts in sequences for text, _ in parts]))
        return [one if isinstance(one, EncodingError) else [_join(parts, ids) for parts in one] for one in cut]

    def sequences(self, messages: Messages, add_generation_prompt: bool = False) -> list[list[Part]]:
        """Render a conversation and cut it into prompts and answers, each tokenized by itself.

        Returns:
            A single sequence of parts, or where the template rewrites earlier turns several. Every answer is in the
            loss of one, behind the prompt that the template renders for it.
        """
        self._refuse_special(messages)
        sequences: list[list[Part]] = [[]]
        done = ""
        for turn, message in enumerate(messages):
            if message["role"] != "assistant":
                continue
            prompt = self._render(messages[:turn], add_generation_prompt=True)
            answered = with_empty_thinking(prompt, self._render(messages[: turn + 1]), message["content"])
            answer = self._answer(_after(prompt, answered))
            _extend(sequences, done, prompt)
            sequences[-1].append((answer, True))
            done = prompt + answer
        if add_generation_prompt:
            _extend(sequences, done, self._render(messages, add_generation_prompt=True))
        return [[part for part in parts if part[0]] for parts in sequences]

    def turn_headers(self) -> tuple[str, ...]:
        """Return what stands before a later question, as in `Human:`: a model that writes it goes on unasked.

        Empty where the template marks turns by special tokens: a model that goes on writes one, which is no text.
        """
        marks = ["⟨1⟩", "⟨2⟩", "⟨3⟩"]
        roles = ["user", "assistant", "user"]
        try:
            text = self._render([{"role": role, "content": mark} for role, mark in zip(roles, marks, strict=True)])
        except EncodingError:
            return ()
        between = text.partition(marks[1])[2].partition(marks[2])[0].removeprefix(self._eos)
        header = between.strip()
        return (header,) if header and not self._special.search(header) else ()

    def opens_thinking(self) -> bool:
        """Return whether the header of an answer opens its thinking: then a model writes `</think>` before it."""
        try:
            return opens_thinking(self._render([{"role": "user", "content": "⟨1⟩"}], add_generation_prompt=True))
        except EncodingError:
            return False

    def _try_sequences(self, messages: Messages) -> list[list[Part]] | EncodingError:
        try:
            return self.sequences(messages)
        except EncodingError as reason:
            return reason

    def _answer(self, text: str) -> str:
        """Return the answer with its end-of-sequence token; what the template adds after it is not in the loss."""
        end = text.find(self._eos)
        if end < 0:
            raise EncodingError("no_end_of_sequence")
        return text[: end + len(self._eos)]

    def _render(self, messages: Messages, add_generation_prompt: bool = False) -> str:
        if not messages:
            raise EncodingError("template_refuses")
        try:
            return self._template.render(
                messages=list(messages),
                tools=None,
                documents=None,
                add_generation_prompt=add_generation_prompt,
                **self._named_tokens,
            )
        except (TemplateError, ValueError) as error:
            raise EncodingError("template_refuses") from error

    def _tokenize(self, texts: list[str]) -> list[list[int]]:
        return ids_of(self.tokenizer, texts, split_special_tokens=False)

    def _refuse_special(self, messages: Messages) -> None:
        if any(self._special.search(message["content"]) for message in messages):
            raise EncodingError("special_token")


def _special_tokens(tokenizer: "PreTrainedTokenizerBase") -> list[str]:
    """Return all special tokens, longest first: those with a role, and those that are only marked so."""
    marked = {str(token) for token in tokenizer.added_tokens_decoder.values() if token.special}
    return sorted((marked | set(tokenizer.all_special_tokens)) - {""}, key=lambda token: (-len(token), token))


def _after(start: str, whole: str) -> str:
    if not whole.startswith(start):
        raise EncodingError("template_rewrites_history")
    return whole[len(start) :]


def _extend(sequences: list[list[Part]], done: str, prompt: str) -> None:
    """Add what a prompt says beyond `done` to the last sequence; where it says something else, begin a new one."""
    if prompt.startswith(done):
        sequences[-1].append((prompt[len(done) :], False))
    else:
        sequences.append([(prompt, False)])


def _join(parts: list[Part], ids: Iterator[list[int]]) -> Encoded:
    """Join the ids of a sequence's parts, the next ones of `ids`."""
    encoded = [(next(ids), in_loss) for _, in_loss in parts]
    total = sum(len(tokens) for tokens, _ in encoded)
    joined, loss_mask = np.empty(total, dtype=np.int32), np.zeros(total, dtype=bool)
    end = 0
    for tokens, in_loss in encoded:
        begin, end = end, end + len(tokens)
        joined[begin:end], loss_mask[begin:end] = tokens, in_loss
    return Encoded(joined, loss_mask)
