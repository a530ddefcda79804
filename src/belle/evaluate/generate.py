"""Ask a model the questions of the evaluation set: what the unquantized and the quantized variants share."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from transformers import PreTrainedTokenizerBase

from belle.errors import UserError
from belle.evaluate.answers import Answer
from belle.evaluate.generation import Generation
from belle.evaluate.questions import Question
from belle.tokenizer.encode import ChatEncoder, Encoded, Unencodable
from belle.weights.links import locate


class Backend(Protocol):
    """A model that can be asked, whatever runs it."""

    def generate(self, prompts: list[list[int]], max_new_tokens: int) -> list[Generation]:
        """Continue each prompt (token ids) greedily until an end token or `max_new_tokens`."""
        ...

    def logits(self, ids: list[int]) -> np.ndarray:
        """Return the logits after every token of `ids` (teacher forcing): float32 [tokens, vocabulary]."""
        ...


@dataclass(frozen=True)
class Asked:
    """A question as the model sees it."""

    question: Question
    prompt: list[int]
    reference: Encoded | None
    """Prompt and reference answer, the answer's tokens marked as trained; None without a reference."""


def encode_questions(questions: Sequence[Question], tokenizer: PreTrainedTokenizerBase) -> list[Asked]:
    """Put the questions, and their references, into the tokenizer's chat template.

    Raises:
        UserError: questions that cannot be encoded faithfully, one line each.
    """
    encoder = ChatEncoder(tokenizer)
    asked: list[Asked] = []
    problems: list[str] = []
    for question in questions:
        try:
            asked.append(_encode(encoder, question))
        except Unencodable as error:
            problems.append(
                f"data/eval/questions.jsonl: question {question.id}: {error}: the chat template cannot hold it as it "
                "is written; change or remove it, or choose another template"
            )
    if problems:
        raise UserError("\n".join(problems))
    return asked


def ask(
    backend: Backend, asked: Sequence[Asked], tokenizer: PreTrainedTokenizerBase, max_new_tokens: int
) -> list[Answer]:
    """Return the answers of `backend`, in question order."""
    generations = backend.generate([one.prompt for one in asked], max_new_tokens)
    return [
        Answer(
            **one.question.model_dump(),
            answer=tokenizer.decode(generation.ids, skip_special_tokens=True).strip(),
            tokens=len(generation.ids),
            stop=generation.stop,
        )
        for one, generation in zip(asked, generations, strict=True)
    ]


def context_length(asked: Sequence[Asked], max_new_tokens: int, link: Path) -> int:
    """Return the most tokens of a question together with its answer or reference.

    Raises:
        UserError: more than the model of `link` has positions for: it would answer, but badly. One line a question
            names what is too long.
    """
    config = json.loads((locate(link).base / "config.json").read_text(encoding="utf-8"))
    allowed = config.get("max_position_embeddings")
    if allowed is not None and (
        problems := [line for one in asked for line in _too_long(one, max_new_tokens, allowed)]
    ):
        raise UserError("\n".join(problems))
    references = [len(one.reference.ids) for one in asked if one.reference]
    return max([*references, *(len(one.prompt) + max_new_tokens for one in asked)])


def size_mb(files: Sequence[Path]) -> float:
    """Size on disk, in 10^6 bytes."""
    return round(sum(path.stat().st_size for path in files) / 1e6, 3)


def _too_long(one: Asked, max_new_tokens: int, allowed: int) -> Iterator[str]:
    at, model = f"data/eval/questions.jsonl: question {one.question.id}", f"the model has {allowed} positions"
    length = len(one.prompt)
    if length >= allowed:
        yield f"{at}: the question takes {length} tokens, {model}; remove it or choose another model"
        return
    if length + max_new_tokens > allowed:
        yield (
            f"{at}: the question takes {length} tokens, its answer up to {max_new_tokens}, {model}; lower "
            f"evaluate.generate.max_new_tokens in params.yaml to {allowed - length}"
        )
    if one.reference and len(one.reference.ids) > allowed:
        yield (
            f"{at}: question and reference take {len(one.reference.ids)} tokens, {model}; remove it or choose another "
            "model"
        )


def _encode(encoder: ChatEncoder, question: Question) -> Asked:
    user = {"role": "user", "content": question.question}
    prompt = encoder.prompt([user])
    if question.reference is None:
        return Asked(question, prompt, None)
    return Asked(question, prompt, encoder.conversation([user, {"role": "assistant", "content": question.reference}]))
