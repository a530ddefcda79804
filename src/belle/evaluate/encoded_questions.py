"""Encode the evaluation questions with the chat template a model was trained with, and check their lengths."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from transformers import PreTrainedTokenizerBase

from belle.checkpoints.resolve import read_config, resolve_checkpoint
from belle.data.questions import Question
from belle.errors import UserError
from belle.tokenizer.encode import ChatEncoder, Encoded, EncodingError
from belle.words import counted


@dataclass(frozen=True)
class EncodedQuestion:
    """A question as the model sees it.

    Attributes:
        question: as it stands in the evaluation set.
        prompt: token ids, the header of the answer included.
        reference: prompt and reference answer, the answer's tokens in the loss mask; None without a reference.
    """

    question: Question
    prompt: list[int]
    reference: Encoded | None


def encode_questions(questions: Sequence[Question], tokenizer: PreTrainedTokenizerBase) -> list[EncodedQuestion]:
    """Encode questions and references with the tokenizer's chat template.

    Raises:
        UserError: questions that cannot be encoded faithfully, one line each.
    """
    encoder = ChatEncoder(tokenizer)
    encoded: list[EncodedQuestion] = []
    problems: list[str] = []
    for question in questions:
        try:
            encoded.append(_encode(encoder, question))
        except EncodingError as error:
            problems.append(
                f"evaluation question {question.id}: {error}: the chat template cannot hold it as it is written; "
                "change or remove it, or choose another template"
            )
    if problems:
        raise UserError("\n".join(problems))
    return encoded


def too_long_questions(
    questions: Sequence[EncodedQuestion], max_new_tokens: int, positions: int | None, policy: Literal["error", "skip"]
) -> frozenset[str]:
    """Return the ids of the questions that the model has not a position for every token of, and of their answers.

    Args:
        questions: at least one.
        max_new_tokens: most tokens of an answer.
        positions: of the model, None without a limit.
        policy: `error` refuses them; `skip` notes how many there are.

    Raises:
        UserError: there are some, one line per question; or all are to be skipped.
    """
    if positions is None:
        return frozenset()
    problems = {one.question.id: line for one in questions for line in _too_long(one, max_new_tokens, positions)}
    if problems and policy == "error":
        raise UserError("\n".join(problems.values()))
    if len(problems) == len(questions):
        raise UserError(f"every evaluation question is too long; {next(iter(problems.values()))}")
    if problems:
        print(
            f"note: {len(problems)} of {len(questions)} questions are too long for the model's {positions} positions "
            f"and get an empty answer: {', '.join(problems)}",
            file=sys.stderr,
        )
    return frozenset(problems)


def model_positions(checkpoint: Path) -> int | None:
    """Return how many positions a checkpoint's model has, None when it has no limit."""
    found = read_config(resolve_checkpoint(checkpoint)).get("max_position_embeddings")
    return found if isinstance(found, int) else None


def fitting_references(questions: Sequence[EncodedQuestion], positions: int | None) -> list[Encoded]:
    """Return the reference answers that the model has positions for, behind their questions; a note names the others.

    They are read for the distance of quantized models alone, so they are no reason to leave a question out.
    """
    references = {one.question.id: one.reference for one in questions if one.reference}
    too_long = [name for name, one in references.items() if positions is not None and len(one.ids) > positions]
    if too_long:
        print(
            f"note: no room in the model's {positions} positions for {counted(len(too_long), 'reference answer')}, "
            f"left out of kl_divergence and top1_agreement: {', '.join(too_long)}",
            file=sys.stderr,
        )
    return [one for name, one in references.items() if name not in too_long]


def _too_long(encoded: EncodedQuestion, max_new_tokens: int, positions: int) -> Iterator[str]:
    at, model = f"evaluation question {encoded.question.id}", f"the model has {positions} positions"
    length, skip = len(encoded.prompt), "set evaluate.generate.too_long to skip"
    if length >= positions:
        yield f"{at}: the question takes {length} tokens, {model}; remove it, choose another model or {skip}"
    elif length + max_new_tokens > positions:
        yield (
            f"{at}: the question takes {length} tokens, its answer up to {max_new_tokens}, {model}; lower "
            f"evaluate.generate.max_new_tokens in params.yaml to {positions - length}, or {skip}"
        )


def _encode(encoder: ChatEncoder, question: Question) -> EncodedQuestion:
    user = {"role": "user", "content": question.question}
    prompt = encoder.encode([user], add_generation_prompt=True).ids.tolist()
    if question.reference is None:
        return EncodedQuestion(question, prompt, None)
    answer = {"role": "assistant", "content": question.reference}
    return EncodedQuestion(question, prompt, encoder.encode([user, answer]))
