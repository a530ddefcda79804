import json
import shutil
from pathlib import Path

import pytest

from belle.config.evaluate import GenerateParams
from belle.errors import UserError
from belle.evaluate.answers import read_answers
from belle.evaluate.backends.backend import Generation
from belle.evaluate.encoded_questions import encode_questions
from belle.evaluate.generate import generate_answers, generate_quantized, generate_unquantized
from belle.files import sha256_of
from belle.quantize.gguf.quantize import quantize_gguf
from belle.speed import record
from belle.tokenizer.load import load_tokenizer
from factories import question

PARAMS = GenerateParams(max_new_tokens=8, batch_size=4)
TEXTS = ["你好", "What is 12 + 34?", "把“苹果”翻译成英文。"]
QUESTIONS = [question(text, text) for text in TEXTS]
WITH_REFERENCES = [question(text, text, "苹果是红色的。") for text in TEXTS]


@pytest.fixture
def checkpoint(tiny_model, tmp_path, monkeypatch) -> Path:
    """models/base in a repository that has a folder for answers."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eval").mkdir()
    shutil.copytree(tiny_model("llama"), "models/base")
    return Path("models/base")


def stats() -> dict[str, float]:
    return json.loads(Path("eval/stats.json").read_text())


def generate_gguf(kind: str, checkpoint: Path, questions: list) -> dict[str, float]:
    """Quantize the checkpoint, answer the questions; return the stats."""
    quantized = Path("models/quantized") / kind
    quantized.mkdir(parents=True, exist_ok=True)
    quantize_gguf(checkpoint, kind, quantized)
    generate_quantized(f"gguf-{kind}", quantized, checkpoint, questions, PARAMS, Path("eval"))
    return stats()


class Scripted:
    """A backend that gives the generations it was made with."""

    def __init__(self, generations: list[Generation]) -> None:
        self.generations = generations

    def generate(self, prompts, max_new_tokens):
        assert len(prompts) == len(self.generations)
        return self.generations


def test_answers_come_in_question_order_without_special_tokens(tiny_model):
    tokenizer = load_tokenizer(tiny_model("llama"))
    ids = tokenizer(" 苹果\n", add_special_tokens=False)["input_ids"]
    generations = [Generation([*ids, tokenizer.pad_token_id], "eos"), Generation([], "eos"), Generation(ids, "length")]
    answers = generate_answers(Scripted(generations), encode_questions(QUESTIONS, tokenizer), tokenizer, 8)
    assert [answer.question for answer in answers] == TEXTS
    assert [answer.answer for answer in answers] == ["苹果", "", "苹果"]
    assert [answer.tokens for answer in answers] == [len(ids) + 1, 0, len(ids)]
    assert [answer.stop for answer in answers] == ["eos", "eos", "length"]


def test_the_unquantized_model_writes_answers_size_and_speed(checkpoint):
    generate_unquantized(checkpoint, QUESTIONS, PARAMS, Path("eval"))
    assert [answer.id for answer in read_answers(Path("eval/answers.jsonl"))] == TEXTS
    size = (checkpoint / "model.safetensors").stat().st_size
    assert stats() == {"size_mb": round(size / 1e6, 3)}
    assert (
        record(Path("speed.json"), {"generate unquantized": sha256_of(Path("eval/answers.jsonl"))})[
            "generate unquantized"
        ]["answers"]
        == 3
    )


def test_an_exact_gguf_model_answers_as_the_unquantized_one_and_agrees_with_it(checkpoint):
    Path("models/quantized/f32").mkdir(parents=True)
    Path("models/quantized/f32/tokenizer.json").write_text("no weights" * 100_000)
    found = generate_gguf("f32", checkpoint, WITH_REFERENCES)
    size = Path("models/quantized/f32/model.gguf").stat().st_size
    digest = sha256_of(Path("models/quantized/f32"))
    expected = {"quantized_sha256": digest, "kl_divergence": 0.0, "top1_agreement": 1.0}
    assert found == {"size_mb": round(size / 1e6, 3)} | expected
    answers = read_answers(Path("eval/answers.jsonl"))
    generate_unquantized(checkpoint, WITH_REFERENCES, PARAMS, Path("eval"))
    assert answers == read_answers(Path("eval/answers.jsonl"))


def test_a_model_of_fewer_bits_is_smaller_and_farther(checkpoint):
    found = generate_gguf("q4_0", checkpoint, WITH_REFERENCES)
    assert found["kl_divergence"] > 1e-3
    assert found["size_mb"] < (checkpoint / "model.safetensors").stat().st_size / 1e6 / 2


def test_without_references_there_is_a_note_and_no_agreement(checkpoint, capsys):
    assert set(generate_gguf("f16", checkpoint, QUESTIONS)) == {"size_mb", "quantized_sha256"}
    assert "reference" in capsys.readouterr().err


def test_a_missing_quantized_model_is_named_with_its_stage(checkpoint):
    quantized = Path("models/quantized/gguf-q8_0")
    with pytest.raises(UserError, match=rf"^{quantized}: .*dvc repro quantize@gguf-q8_0"):
        generate_quantized("gguf-q8_0", quantized, checkpoint, QUESTIONS, PARAMS, Path("eval"))
