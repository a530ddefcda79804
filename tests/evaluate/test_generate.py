import json
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedModel

from belle.errors import UserError
from belle.evaluate import generate
from belle.evaluate.agreement import REFERENCE_LOGITS
from belle.evaluate.answers import read_answers
from belle.evaluate.backends.backend import Generation
from belle.evaluate.backends.hugging_face import HuggingFaceModel
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.evaluate.generate import generate_quantized, generate_unquantized
from belle.evaluate.task import Task
from belle.files import sha256_of
from belle.quantize.gguf.quantize import quantize_gguf
from belle.speed import record
from belle.tokenizer.load import load_tokenizer
from factories import contents, question

from .asking import generate_params, profile

PARAMS = generate_params()
TEXTS = ["你好", "What is 12 + 34?", "把“苹果”翻译成英文。"]
QUESTIONS = [question(text, text) for text in TEXTS]
WITH_REFERENCES = [question(text, text, "苹果是红色的。") for text in TEXTS]


def task(checkpoint: Path, questions: list, **changes: object) -> Task:
    return Task.prepare(checkpoint, questions, PARAMS.model_copy(update=changes), profile())


def folder(name: str) -> Path:
    path = Path("eval") / name
    path.mkdir(exist_ok=True)
    return path


def answer_all(checkpoint: Path, questions: list, name: str = "unquantized") -> Path:
    """Have the unquantized model answer; return the folder."""
    generate_unquantized(task(checkpoint, questions), folder(name))
    return folder(name)


def generate_gguf(kind: str, checkpoint: Path, questions: list) -> dict[str, float]:
    """Quantize the checkpoint, answer the questions; return the stats."""
    quantized = Path("models/quantized") / kind
    quantized.mkdir(parents=True, exist_ok=True)
    quantize_gguf(checkpoint, kind, quantized)
    generate_quantized(f"gguf-{kind}", quantized, task(checkpoint, questions), Path("eval/unquantized"), folder(kind))
    return stats(kind)


def stats(name: str) -> dict[str, float]:
    return json.loads((folder(name) / "stats.json").read_text())


class Scripted:
    """A backend that gives the generations it was made with, the last one first."""

    def __init__(self, generations: list[Generation]) -> None:
        self.generations = generations

    def generate(self, prompts, decoding):
        yield from reversed(list(zip(prompts, self.generations, strict=True)))

    def logits(self, ids):
        raise torch.OutOfMemoryError("CUDA out of memory.")


def scripted(monkeypatch, *generations: Generation) -> None:
    monkeypatch.setattr(generate, "load_unquantized", lambda *_: Scripted(list(generations)))


def written(text: str, checkpoint: Path) -> list[int]:
    return load_tokenizer(checkpoint)(text, add_special_tokens=False)["input_ids"]


def test_answers_come_in_question_order_without_special_tokens_thinking_and_turns(checkpoint, monkeypatch):
    tokenizer = load_tokenizer(checkpoint)
    thought, turn = written("<think>红</think>\n苹果", checkpoint), written("苹果\n\nHuman: 你好", checkpoint)
    scripted(
        monkeypatch,
        Generation([*written(" 苹果\n", checkpoint), tokenizer.pad_token_id], "eos"),
        Generation(thought, "length"),
        Generation(turn, "turn"),
    )
    answers = read_answers(answer_all(checkpoint, QUESTIONS) / "answers.jsonl")
    assert [answer.question for answer in answers] == TEXTS
    assert [answer.answer for answer in answers] == ["苹果"] * 3
    assert [answer.thinking for answer in answers] == [None, "红", None]
    assert [answer.tokens for answer in answers[1:]] == [len(thought), len(turn)]
    assert [answer.stop for answer in answers] == ["eos", "length", "turn"]


def test_every_backend_gets_the_same_prompts_and_decoding(checkpoint, monkeypatch):
    asked = []

    class Recording(Scripted):
        def generate(self, prompts, decoding):
            asked.append((prompts, decoding.profile, decoding.seed, decoding.max_new_tokens))
            yield from super().generate(prompts, decoding)

    for name in ("load_unquantized", "load_quantized"):
        monkeypatch.setattr(generate, name, lambda *_: Recording([Generation([5], "eos")] * 3))
    answer_all(checkpoint, QUESTIONS)
    Path("quantized").mkdir()
    for scheme in ("gptq-int4", "gguf-q8_0"):
        asked_now = task(checkpoint, QUESTIONS)
        generate_quantized(scheme, Path("quantized"), asked_now, Path("eval/unquantized"), folder(scheme))
    assert len(asked) == 3 and asked[0] == asked[1] == asked[2]


def test_the_unquantized_model_writes_answers_size_and_speed(checkpoint):
    out = answer_all(checkpoint, QUESTIONS)
    assert [answer.id for answer in read_answers(out / "answers.jsonl")] == TEXTS
    size = (checkpoint / "model.safetensors").stat().st_size
    assert stats("unquantized") == {"size_mb": round(size / 1e6, 3)}
    name = "generate unquantized"
    assert record(Path("speed.json"), {name: sha256_of(out / "answers.jsonl")})[name]["answers"] == 3
    assert set(contents(out)) == {"answers.jsonl", "stats.json"}


def test_an_exact_gguf_model_answers_as_the_unquantized_one_and_agrees_with_it(checkpoint):
    Path("models/quantized/f32").mkdir(parents=True)
    Path("models/quantized/f32/tokenizer.json").write_text("no weights" * 100_000)
    out = answer_all(checkpoint, WITH_REFERENCES)
    found = generate_gguf("f32", checkpoint, WITH_REFERENCES)
    size = Path("models/quantized/f32/model.gguf").stat().st_size
    digest = sha256_of(Path("models/quantized/f32"))
    expected = {"quantized_sha256": digest, "kl_divergence": 0.0, "top1_agreement": 1.0}
    assert found == {"size_mb": round(size / 1e6, 3)} | expected
    assert read_answers(folder("f32") / "answers.jsonl") == read_answers(out / "answers.jsonl")


def test_a_quantized_model_is_compared_without_loading_the_unquantized_one(checkpoint, monkeypatch):
    answer_all(checkpoint, WITH_REFERENCES)
    quantized = Path("models/quantized/q4_0")
    quantized.mkdir(parents=True)
    quantize_gguf(checkpoint, "q4_0", quantized)
    monkeypatch.setattr(PreTrainedModel, "from_pretrained", None)
    generate_quantized("gguf-q4_0", quantized, task(checkpoint, WITH_REFERENCES), Path("eval/unquantized"), folder("q"))
    assert stats("q")["kl_divergence"] > 1e-3
    assert stats("q")["size_mb"] < (checkpoint / "model.safetensors").stat().st_size / 1e6 / 2


def test_without_references_there_is_a_note_and_no_agreement(checkpoint, capsys):
    answer_all(checkpoint, QUESTIONS)
    assert set(generate_gguf("f16", checkpoint, QUESTIONS)) == {"size_mb", "quantized_sha256"}
    assert "no question has a reference" in capsys.readouterr().err


def test_without_logits_of_the_unquantized_model_there_is_a_note_and_no_agreement(checkpoint, capsys):
    (answer_all(checkpoint, WITH_REFERENCES) / REFERENCE_LOGITS).unlink()
    assert set(generate_gguf("f16", checkpoint, WITH_REFERENCES)) == {"size_mb", "quantized_sha256"}
    assert "a server gave the answers" in capsys.readouterr().err


def test_the_context_holds_the_longest_question_with_its_answer_or_reference(checkpoint):
    short = task(checkpoint, WITH_REFERENCES, max_new_tokens=1)
    assert short.context_length == max(len(one.reference.ids) for one in short.questions)
    longest = max(len(prompt.ids) for prompt in short.prompts)
    assert task(checkpoint, WITH_REFERENCES, max_new_tokens=100).context_length == longest + 100


def test_questions_that_are_too_long_are_skipped_counted_and_stand_at_their_place(checkpoint, capsys):
    questions = [question("long", "苹果" * 600, "好"), *WITH_REFERENCES]
    generate_unquantized(task(checkpoint, questions, too_long="skip"), Path("eval/unquantized"))
    answers = read_answers(Path("eval/unquantized/answers.jsonl"))
    assert [(one.id, one.answer, one.tokens, one.stop) for one in answers[:1]] == [("long", "", 0, "too_long")]
    assert stats("unquantized")["too_long"] == 1
    alone = task(checkpoint, WITH_REFERENCES)
    generate_unquantized(alone, Path("eval/alone"))
    assert answers[1:] == read_answers(Path("eval/alone/answers.jsonl"))
    assert alone.context_length == task(checkpoint, questions, too_long="skip").context_length
    Path("quantized").mkdir()
    quantize_gguf(checkpoint, "f32", Path("quantized"))
    skipping = task(checkpoint, questions, too_long="skip")
    generate_quantized("gguf-f32", Path("quantized"), skipping, Path("eval/unquantized"), Path("eval/f32"))
    assert read_answers(Path("eval/f32/answers.jsonl")) == answers and stats("f32")["too_long"] == 1


def test_a_missing_quantized_model_is_named_with_its_stage(checkpoint):
    quantized = Path("models/quantized/gguf-q8_0")
    with pytest.raises(UserError, match=rf"^{quantized}: .*dvc repro quantize@gguf-q8_0"):
        generate_quantized("gguf-q8_0", quantized, task(checkpoint, QUESTIONS), Path("eval/unquantized"), folder("q"))


def test_too_little_memory_for_the_comparison_is_one_line_and_loses_no_answer(checkpoint, monkeypatch, capsys):
    expected = contents(answer_all(checkpoint, WITH_REFERENCES))
    original = generate.reference_logits
    monkeypatch.setattr(generate, "reference_logits", lambda model, references: Scripted([]).logits([]))
    with pytest.raises(UserError, match=r"reference answers: the memory of the GPU is too small; .*are kept"):
        answer_all(checkpoint, WITH_REFERENCES, "second")
    monkeypatch.setattr(generate, "reference_logits", original)
    # nothing is generated again
    monkeypatch.setattr(HuggingFaceModel, "_generate", None)
    assert contents(answer_all(checkpoint, WITH_REFERENCES, "second")) == expected
    assert "goes on behind 3 answers" in capsys.readouterr().err
    assert list(Path(".dvc/tmp/answers").iterdir()) == []


def test_broken_logits_of_the_unquantized_model_lose_no_answer_of_a_quantized_one(checkpoint, monkeypatch, capsys):
    kept = answer_all(checkpoint, WITH_REFERENCES) / REFERENCE_LOGITS
    whole = kept.read_bytes()
    kept.write_bytes(whole[:100])
    with pytest.raises(UserError, match=r"reference_logits\.npz: broken"):
        generate_gguf("q8_0", checkpoint, WITH_REFERENCES)
    kept.write_bytes(whole)
    monkeypatch.setattr(LlamaCppModel, "_answer", None)
    assert "kl_divergence" in generate_gguf("q8_0", checkpoint, WITH_REFERENCES)
    assert "gguf-q8_0: goes on behind 3 answers" in capsys.readouterr().err


def test_too_little_memory_for_the_model_is_one_line(checkpoint, monkeypatch):
    def overflow(*_):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes")

    monkeypatch.setattr(generate, "load_unquantized", overflow)
    with pytest.raises(UserError, match=r"^loading models/base: the memory of this machine is too small"):
        answer_all(checkpoint, QUESTIONS)


def test_too_little_memory_for_a_batch_names_the_batch_size(checkpoint, monkeypatch):
    def overflow(*_):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(HuggingFaceModel, "_generate", overflow)
    with pytest.raises(UserError, match=r"^unquantized: .*batch_size, now 4; .*are kept"):
        answer_all(checkpoint, QUESTIONS)
