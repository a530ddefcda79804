"""Drop texts for pre-training that hold an evaluation question word for word."""

from dataclasses import dataclass

from belle.clean.decontamination.within_texts import QuestionsInTexts
from belle.clean.filters.filter import Filter
from belle.config.clean import CleanParams
from belle.data.cleaned import CONTAMINATED
from belle.libraries.daft_setup import daft


@dataclass(frozen=True)
class ContaminatedText(Filter):
    """Drop texts that contain an evaluation question word for word.

    Attributes:
        finder: of the questions.
    """

    finder: QuestionsInTexts
    reason = CONTAMINATED
    tables = ("texts",)

    @classmethod
    def create(cls, params: CleanParams, questions: dict[str, str]) -> "ContaminatedText | None":
        """Take the evaluation questions, unless decontamination is switched off."""
        return cls(QuestionsInTexts(questions)) if params.decontaminate.exact else None

    def drops(self) -> daft.Expression:
        """Look whether a question was found."""
        return daft.col("question_in_text").not_null()

    def match(self) -> daft.Expression:
        """Return the question's id."""
        return daft.col("question_in_text")

    def columns(self) -> dict[str, daft.Expression]:
        """Return the id of the first question found."""

        @daft.func.batch(return_dtype=daft.DataType.string(), use_process=False)
        def question(keys: daft.Series) -> list[str | None]:
            return [next(self.finder.find(text), None) for (text,) in keys.to_pylist()]

        return {"question_in_text": question(daft.col("keys"))}
