"""Encode the evaluation questions with the chat template a model was trained with, and check their lengths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from belle.checkpoints.resolve import read_config, resolve_checkpoint
from belle.data.questions import Question
from belle.errors import UserError
from belle.tokenizer.encode import ChatEncoder, Encoded, EncodingError


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


def required_context(questions: Sequence[EncodedQuestion], max_new_tokens: int, checkpoint: Path) -> int:
    """Return the most tokens of a question together with its answer or reference.

    Args:
        questions: at least one.
        max_new_tokens: most tokens of an answer.
        checkpoint: the unquantized model; its config.json says how many positions it has.

    Raises:
        UserError: a question needs more positions than the model has; one line per question.
    """
    allowed = read_config(resolve_checkpoint(checkpoint)).get("max_position_embeddings")
    if isinstance(allowed, int) and (
        problems := [line for one in questions for line in _too_long(one, max_new_tokens, allowed)]
    ):
        raise UserError("\n".join(problems))
    references = [len(one.reference.ids) for one in questions if one.reference]
    return max([*references, *(len(one.prompt) + max_new_tokens for one in questions)])


def _too_long(encoded: EncodedQuestion, max_new_tokens: int, allowed: int) -> Iterator[str]:
    at, model = f"evaluation question {encoded.question.id}", f"the model has {allowed} positions"
    length = len(encoded.prompt)
    if length >= allowed:
        yield f"{at}: the question takes {length} tokens, {model}; remove it or choose another model"
        return
    if length + max_new_tokens > allowed:
        yield (
            f"{at}: the question takes {length} tokens, its answer up to {max_new_tokens}, {model}; lower "
            f"evaluate.generate.max_new_tokens in params.yaml to {allowed - length}"
        )
    if encoded.reference and len(encoded.reference.ids) > allowed:
        yield (
            f"{at}: question and reference take {len(encoded.reference.ids)} tokens, {model}; remove it or choose "
            "another model"
        )


def _encode(encoder: ChatEncoder, question: Question) -> EncodedQuestion:
    user = {"role": "user", "content": question.question}
    prompt = encoder.encode([user], add_generation_prompt=True).ids.tolist()
    if question.reference is None:
        return EncodedQuestion(question, prompt, None)
    answer = {"role": "assistant", "content": question.reference}
    return EncodedQuestion(question, prompt, encoder.encode([user, answer]))
