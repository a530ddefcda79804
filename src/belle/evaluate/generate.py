"""Generate the answers of a variant: the unquantized checkpoint, or one quantized from it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from belle.checkpoints.adapters import weights_digest
from belle.checkpoints.resolve import resolve_checkpoint, weight_files
from belle.config.endpoint import EndpointProfile
from belle.errors import UserError
from belle.evaluate.agreement import REFERENCE_LOGITS, measure_agreement, read_reference_logits, reference_logits
from belle.evaluate.answer_reader import Written
from belle.evaluate.answers import ANSWERS, STATS, UNQUANTIZED, Answer, write_answers
from belle.evaluate.backends.backend import Backend
from belle.evaluate.backends.hugging_face import load_unquantized
from belle.evaluate.backends.load import load_quantized
from belle.evaluate.journal import Journal
from belle.evaluate.memory import memory_errors_named
from belle.evaluate.served_answers import served_answers
from belle.evaluate.task import Task
from belle.files import fresh_directory, sha256_of, write_json
from belle.progress import progress
from belle.speed import measure
from belle.tokenizer.encode import Encoded

TOO_LARGE = "end what else is using it, or take a larger one"
SKIPPED = Written("", 0, "too_long")
KEPT = "the answers so far are kept: run again to go on"


def generate_unquantized(task: Task, target: Path) -> None:
    """Write a checkpoint's answers, stats, and the logits that quantized variants are compared with.

    Args:
        task: what is asked.
        target: directory to make, with answers.jsonl, stats.json and, with reference answers, reference_logits.npz.
    """
    longest = max((prompt.ids for prompt in task.prompts), key=len)
    with memory_errors_named(f"loading {task.checkpoint}", TOO_LARGE):
        model = load_unquantized(task.checkpoint, task.params.batch_size, longest)
    digest = weights_digest(resolve_checkpoint(task.checkpoint))
    # the directory is complete before the journal is deleted
    with task.journal(UNQUANTIZED, digest) as journal, fresh_directory(target) as out:
        _answer_all(UNQUANTIZED, model, task, journal, out)
        if references := task.references:
            with memory_errors_named("the logits of the reference answers", f"{TOO_LARGE}; {KEPT}"):
                reference_logits(model, references).save(out / REFERENCE_LOGITS)
        write_json(out / STATS, {"size_mb": _size_of(task.checkpoint)} | task.counts)


def generate_served(task: Task, profile: EndpointProfile, target: Path) -> None:
    """Write the answers that a server gives with the checkpoint in it, and stats.

    Args:
        task: what is asked.
        profile: how the server is reached.
        target: directory to make, with answers.jsonl and stats.json.

    Raises:
        UserError: the server holds another model, reads a prompt as other tokens, or does not answer.
    """
    with fresh_directory(target) as out:
        with measure(f"generate {UNQUANTIZED}", out / ANSWERS) as speed:
            written, asked_now = served_answers(
                task.checkpoint, task.prompts, task.decoding, task.reader, str(task.params.endpoint), profile
            )
            # of what an earlier run received the time is not known
            speed.count("answers", asked_now)
            write_answers(out / ANSWERS, _answers(task, written))
        write_json(out / STATS, {"size_mb": _size_of(task.checkpoint)} | task.counts)


def generate_quantized(scheme: str, quantized: Path, task: Task, unquantized: Path, target: Path) -> None:
    """Write the answers and stats of a quantized model; its digest says which model answered.

    Args:
        scheme: name of the quantized variant.
        quantized: its directory.
        task: what is asked.
        unquantized: answers of the unquantized model, with its logits.
        target: directory to make, with answers.jsonl and stats.json.

    Raises:
        UserError: no model there.
    """
    if not quantized.is_dir():
        raise UserError(f"{quantized}: no such directory; run `dvc repro quantize@{scheme}` or `dvc pull` first")
    digest = sha256_of(quantized)
    with memory_errors_named(f"loading {quantized}", TOO_LARGE):
        model = load_quantized(scheme, quantized, task.params.batch_size, task.context_length)
    with task.journal(scheme, digest) as journal, fresh_directory(target) as out:
        _answer_all(scheme, model, task, journal, out)
        agreement = _agreement(model, task.references, unquantized / REFERENCE_LOGITS)
        write_json(
            out / STATS,
            {"size_mb": size_mb(weight_files(quantized)), "quantized_sha256": digest} | agreement | task.counts,
        )


def generate_written(backend: Backend, task: Task, journal: Journal) -> list[Written]:
    """Return what a model writes, in the order of the prompts; what the journal holds is not generated again."""
    waiting = [prompt for prompt in task.prompts if prompt.id not in journal.generations]
    with progress("answering", len(task.prompts), "questions") as bar:
        bar.advance(len(task.prompts) - len(waiting))
        for prompt, generation in backend.generate(waiting, task.decoding):
            journal.add(prompt.id, generation)
            bar.advance()
    found = [journal.generations[prompt.id] for prompt in task.prompts]
    return [Written(task.reader.decode(one.ids), len(one.ids), one.stop) for one in found]


def _answer_all(variant: str, model: Backend, task: Task, journal: Journal, out: Path) -> None:
    """Write answers.jsonl into `out`, and measure how fast the model answers."""
    advice = f"lower evaluate.generate.batch_size, now {task.params.batch_size}; {KEPT}"
    with measure(f"generate {variant}", out / ANSWERS) as speed, memory_errors_named(variant, advice):
        speed.seconds_before = journal.seconds_before
        written = generate_written(model, task, journal)
        speed.count("answers", len(written))
        write_answers(out / ANSWERS, _answers(task, written))


def _answers(task: Task, written: Sequence[Written]) -> list[Answer]:
    by_id = dict(zip((prompt.id for prompt in task.prompts), written, strict=True))
    answers = []
    for one in task.questions:
        found = by_id.get(one.question.id, SKIPPED)
        thinking, answer = task.reader.read(found.text)
        answers.append(
            Answer(**one.question.model_dump(), answer=answer, thinking=thinking, tokens=found.tokens, stop=found.stop)
        )
    return answers


def size_mb(files: Sequence[Path]) -> float:
    """Return the size on disk, in 10^6 bytes."""
    return round(sum(path.stat().st_size for path in files) / 1e6, 3)


def _size_of(checkpoint: Path) -> float:
    resolved = resolve_checkpoint(checkpoint)
    return size_mb([path for folder in (resolved.base, *resolved.adapters) for path in weight_files(folder)])


def _agreement(model: Backend, references: list[Encoded], path: Path) -> dict[str, float]:
    """Return `kl_divergence` and `top1_agreement`; nothing, with a notice, when there is nothing to compare."""
    unmeasured = "kl_divergence and top1_agreement are not measured"
    if not references:
        print(f"note: no question has a reference: {unmeasured}", file=sys.stderr)
        return {}
    if not path.exists():
        print(
            f"note: a server gave the answers of the unquantized model, without logits: {unmeasured}", file=sys.stderr
        )
        return {}
    with memory_errors_named("the comparison with the unquantized model", f"{TOO_LARGE}; {KEPT}"):
        agreement = measure_agreement(read_reference_logits(path), model, references)
    return {"kl_divergence": agreement.kl_divergence, "top1_agreement": agreement.top1_agreement}
