"""Answers of the unquantized model."""

from pathlib import Path

from belle.config.evaluate import GenerateParams
from belle.evaluate.answers import ANSWERS, FACTS, write_answers
from belle.evaluate.generate import ask, context_length, encode_questions, size_mb
from belle.evaluate.hugging_face import load_full
from belle.evaluate.questions import Question
from belle.files import write_json
from belle.speed import measure
from belle.tokenizer.load import load_tokenizer
from belle.weights.links import locate

WEIGHTS = ("*.safetensors", "*.bin")
"""In the order of preference of the loaders: a model may be shipped in both forms, one is loaded."""


def generate_full(link: Path, questions: list[Question], params: GenerateParams, out: Path, metrics: Path) -> None:
    """Write the answers and facts of a link of the model chain into `out`, speed into `metrics`.

    Raises:
        UserError: no model there, or questions that cannot be put to it.
    """
    tokenizer = load_tokenizer(link)
    asked = encode_questions(questions, tokenizer)
    context_length(asked, params.max_new_tokens, link)
    model = load_full(link, tokenizer, params.batch_size)
    with measure(metrics, "generate full") as speed:
        answers = ask(model, asked, tokenizer, params.max_new_tokens)
        speed.count("answers", len(answers))
    write_answers(out / ANSWERS, answers)
    files = locate(link)
    weights = [path for folder in (files.base, *files.adapters) for path in weight_files(folder)]
    write_json(out / FACTS, {"size_mb": size_mb(weights)})


def weight_files(folder: Path) -> list[Path]:
    """Return the weight files of a model or adapter that are loaded, sorted by name."""
    return next(filter(None, (sorted(folder.glob(pattern)) for pattern in WEIGHTS)), [])
