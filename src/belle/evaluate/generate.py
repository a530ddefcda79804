"""Generate the answers of a variant: the unquantized checkpoint, or one quantized from it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from belle.checkpoints.resolve import resolve_checkpoint, weight_files
from belle.config.evaluate import GenerateParams
from belle.data.questions import Question
from belle.errors import UserError
from belle.evaluate.agreement import measure_agreement
from belle.evaluate.answers import ANSWERS, STATS, UNQUANTIZED, Answer, write_answers
from belle.evaluate.backends.backend import Backend
from belle.evaluate.backends.hugging_face import load_unquantized
from belle.evaluate.backends.load import load_quantized
from belle.evaluate.encoded_questions import EncodedQuestion, encode_questions, required_context
from belle.files import sha256_of, write_json
from belle.speed import measure
from belle.tokenizer.load import load_tokenizer


def generate_unquantized(checkpoint: Path, questions: list[Question], params: GenerateParams, out: Path) -> None:
    """Write the answers and stats of a checkpoint into `out`.

    Args:
        checkpoint: a checkpoint of the model chain.
        questions: the evaluation set.
        params: how answers are generated.
        out: existing directory for answers.jsonl and stats.json.

    Raises:
        UserError: no model there, or questions that cannot be encoded or are too long for it.
    """
    tokenizer = load_tokenizer(checkpoint)
    encoded = encode_questions(questions, tokenizer)
    required_context(encoded, params.max_new_tokens, checkpoint)
    longest = max((one.prompt for one in encoded), key=len)
    model = load_unquantized(checkpoint, tokenizer, params.batch_size, longest)
    _answer_all(UNQUANTIZED, model, encoded, tokenizer, params, out)
    resolved = resolve_checkpoint(checkpoint)
    weights = [path for folder in (resolved.base, *resolved.adapters) for path in weight_files(folder)]
    write_json(out / STATS, {"size_mb": size_mb(weights)})


def generate_quantized(
    scheme: str,
    quantized: Path,
    checkpoint: Path,
    questions: list[Question],
    params: GenerateParams,
    out: Path,
) -> None:
    """Write the answers and stats of a quantized model into `out`; its digest says which model answered.

    Args:
        scheme: name of the quantized variant.
        quantized: its directory.
        checkpoint: the unquantized model: tokenizer, chat template, and what the quantized one is compared with.
        questions: the evaluation set.
        params: how answers are generated.
        out: existing directory for answers.jsonl and stats.json.

    Raises:
        UserError: no model there, or questions that cannot be encoded or are too long for it.
    """
    if not quantized.is_dir():
        raise UserError(f"{quantized}: no such directory; run `dvc repro quantize@{scheme}` or `dvc pull` first")
    tokenizer = load_tokenizer(checkpoint)
    encoded = encode_questions(questions, tokenizer)
    context_length = required_context(encoded, params.max_new_tokens, checkpoint)
    model = load_quantized(scheme, quantized, tokenizer, params.batch_size, context_length)
    _answer_all(scheme, model, encoded, tokenizer, params, out)
    stats = {"size_mb": size_mb(weight_files(quantized)), "quantized_sha256": sha256_of(quantized)}
    write_json(out / STATS, stats | _agreement(model, checkpoint, tokenizer, encoded))


def _answer_all(
    variant: str,
    model: Backend,
    questions: Sequence[EncodedQuestion],
    tokenizer: PreTrainedTokenizerBase,
    params: GenerateParams,
    out: Path,
) -> None:
    """Write answers.jsonl into `out`, and measure how fast the model answers."""
    with measure(f"generate {variant}", out / ANSWERS) as speed:
        answers = generate_answers(model, questions, tokenizer, params.max_new_tokens)
        speed.count("answers", len(answers))
        write_answers(out / ANSWERS, answers)


def generate_answers(
    backend: Backend, questions: Sequence[EncodedQuestion], tokenizer: PreTrainedTokenizerBase, max_new_tokens: int
) -> list[Answer]:
    """Return the answers of a model, in question order.

    Args:
        backend: the loaded model.
        questions: encoded with its chat template.
        tokenizer: decodes the answers.
        max_new_tokens: most tokens of an answer.
    """
    generations = backend.generate([one.prompt for one in questions], max_new_tokens)
    return [
        Answer(
            **one.question.model_dump(),
            answer=tokenizer.decode(generation.ids, skip_special_tokens=True).strip(),
            tokens=len(generation.ids),
            stop=generation.stop,
        )
        for one, generation in zip(questions, generations, strict=True)
    ]


def size_mb(files: Sequence[Path]) -> float:
    """Return the size on disk, in 10^6 bytes."""
    return round(sum(path.stat().st_size for path in files) / 1e6, 3)


def _agreement(
    model: Backend, checkpoint: Path, tokenizer: PreTrainedTokenizerBase, questions: list[EncodedQuestion]
) -> dict[str, float]:
    """Return `kl_divergence` and `top1_agreement`; nothing, with a notice, when no question has a reference."""
    references = [one.reference for one in questions if one.reference]
    if not references:
        print("note: no question has a reference: kl_divergence and top1_agreement are not measured", file=sys.stderr)
        return {}
    longest = max((one.ids.tolist() for one in references), key=len)
    agreement = measure_agreement(load_unquantized(checkpoint, tokenizer, 1, longest), model, references)
    return {"kl_divergence": agreement.kl_divergence, "top1_agreement": agreement.top1_agreement}
