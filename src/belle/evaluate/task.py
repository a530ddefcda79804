"""What all variants of a checkpoint are asked, and how."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from transformers import PreTrainedTokenizerBase

from belle.config.decoding import DecodingProfile
from belle.config.generate import GenerateParams
from belle.data.questions import Question
from belle.evaluate.answer_reader import AnswerReader
from belle.evaluate.backends.backend import Prompt
from belle.evaluate.backends.decoding import Decoding
from belle.evaluate.encoded_questions import (
    EncodedQuestion,
    encode_questions,
    fitting_references,
    model_positions,
    too_long_questions,
)
from belle.evaluate.end_tokens import end_tokens
from belle.evaluate.journal import Journal, answer_journal
from belle.tokenizer.encode import Encoded
from belle.tokenizer.load import load_tokenizer


@dataclass(frozen=True)
class Task:
    """What all variants of a checkpoint are asked, and how.

    Attributes:
        checkpoint: of the model chain.
        tokenizer: its own.
        questions: encoded with its chat template; every variant gets these ids.
        params: batch size and engine.
        decoding: how answers are decoded.
        reader: reads what is written.
        references: the reference answers that fit the model, behind their questions.
        too_long: ids of the questions that the model has no room for; nobody is asked them.
    """

    checkpoint: Path
    tokenizer: PreTrainedTokenizerBase
    questions: list[EncodedQuestion]
    params: GenerateParams
    decoding: Decoding
    reader: AnswerReader
    references: list[Encoded]
    too_long: frozenset[str]

    @classmethod
    def prepare(
        cls, checkpoint: Path, questions: list[Question], params: GenerateParams, profile: DecodingProfile
    ) -> Self:
        """Encode the questions for a checkpoint.

        Raises:
            UserError: no model there, or questions that cannot be encoded or are too long for it.
        """
        tokenizer = load_tokenizer(checkpoint)
        encoded = encode_questions(questions, tokenizer)
        positions = model_positions(checkpoint)
        too_long = too_long_questions(encoded, params.max_new_tokens, positions, params.too_long)
        reader = AnswerReader(tokenizer)
        next_turn = reader.has_next_turn if reader.headers else None
        ends = end_tokens(checkpoint, tokenizer)
        decoding = Decoding(profile, params.seed, params.max_new_tokens, ends, next_turn)
        references = fitting_references(encoded, positions)
        return cls(checkpoint, tokenizer, encoded, params, decoding, reader, references, too_long)

    @property
    def prompts(self) -> list[Prompt]:
        """The questions as every engine gets them, without those that are too long."""
        return [Prompt(one.question.id, one.prompt) for one in self.questions if one.question.id not in self.too_long]

    @property
    def counts(self) -> dict[str, int]:
        """What is to be said of the answers beside them: how many questions were too long, if any."""
        return {"too_long": len(self.too_long)} if self.too_long else {}

    @property
    def context_length(self) -> int:
        """Most tokens of a question with its answer or reference."""
        answered = max(len(prompt.ids) for prompt in self.prompts) + self.decoding.max_new_tokens
        return max([answered, *(len(one.ids) for one in self.references)])

    def journal(self, variant: str, model: str) -> AbstractContextManager[Journal]:
        """Return the journal of a variant's answers; `model` is a digest of the model that gives them."""
        decoding = self.decoding
        settings: dict[str, Any] = {
            "model": model,
            "prompts": [[prompt.id, prompt.ids] for prompt in self.prompts],
            "decoding": decoding.profile.model_dump(),
            "seed": decoding.seed,
            "max_new_tokens": decoding.max_new_tokens,
            "ends": decoding.ends,
            "headers": self.reader.headers,
        }
        return answer_journal(variant, settings)
