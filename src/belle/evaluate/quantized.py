"""Answers of a quantized variant, and how far it is from the unquantized model."""

import sys
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerBase

from belle.config.evaluate import GenerateParams
from belle.errors import UserError
from belle.evaluate.agreement import measure_agreement
from belle.evaluate.answers import ANSWERS, FACTS, write_answers
from belle.evaluate.generate import Asked, Backend, ask, context_length, encode_questions, size_mb
from belle.evaluate.hugging_face import load_exact
from belle.evaluate.questions import Question
from belle.files import write_json
from belle.speed import measure
from belle.tokenizer.load import load_tokenizer


def load_quantized(
    scheme: str, directory: Path, tokenizer: PreTrainedTokenizerBase, batch_size: int, context: int
) -> Backend:
    """Load models/quantized/SCHEME with what runs it, chosen by the first part of the scheme's name.

    Args:
        scheme: as in `gptq-int4`.
        directory: the quantized model.
        tokenizer: the model's.
        batch_size: questions decoded at once, where that is ours to choose.
        context: most tokens of a text.
    """
    match scheme.split("-")[0]:
        case "gptq":
            from belle.evaluate.gptq import load_gptq

            return load_gptq(directory, tokenizer, batch_size)
        case "gguf":
            from belle.evaluate.llama_cpp import LlamaCppModel

            return LlamaCppModel(directory / "model.gguf", context_length=context, threads=None)
    raise UserError(f"{scheme}: nothing runs this scheme")


def generate_quantized(
    scheme: str, link: Path, questions: list[Question], params: GenerateParams, out: Path, metrics: Path
) -> None:
    """Write the answers and facts of models/quantized/SCHEME into `out`, speed into `metrics`.

    Args:
        scheme: the variant, already quantized.
        link: the unquantized model in the chain: tokenizer, chat template, and what it is compared with.
        questions: what is asked.
        params: how.
        out: existing directory for answers.jsonl and facts.json.
        metrics: existing directory for speed.json.

    Raises:
        UserError: no model there, or questions that cannot be put to it.
    """
    directory = Path("models/quantized") / scheme
    if not directory.is_dir():
        raise UserError(f"{directory}: no such directory; run `dvc repro quantize@{scheme}` or `dvc pull` first")
    tokenizer = load_tokenizer(link)
    asked = encode_questions(questions, tokenizer)
    context = context_length(asked, params.max_new_tokens, link)
    model = load_quantized(scheme, directory, tokenizer, params.batch_size, context)
    with measure(metrics, f"generate {scheme}") as speed:
        answers = ask(model, asked, tokenizer, params.max_new_tokens)
        speed.count("answers", len(answers))
    write_answers(out / ANSWERS, answers)
    size = size_mb([path for path in sorted(directory.rglob("*")) if path.is_file()])
    write_json(out / FACTS, {"size_mb": size} | _distance(model, link, tokenizer, asked))


def _distance(model: Backend, link: Path, tokenizer: PreTrainedTokenizerBase, asked: list[Asked]) -> dict[str, Any]:
    """`kl` and `top1_agreement`; nothing, with a notice, when no question has a reference."""
    references = [one.reference for one in asked if one.reference]
    if not references:
        print("note: no question has a reference: kl and top1_agreement are not measured", file=sys.stderr)
        return {}
    agreement = measure_agreement(load_exact(link, tokenizer), model, references)
    return {"kl": agreement.kl, "top1_agreement": agreement.top1_agreement}
