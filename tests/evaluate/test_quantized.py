import json

import pytest

from belle.config.evaluate import GenerateParams
from belle.errors import UserError
from belle.evaluate.answers import read_answers
from belle.evaluate.full import generate_full
from belle.evaluate.quantized import generate_quantized
from belle.evaluate.questions import Question
from belle.quantize.quantizers import quantize

PARAMS = GenerateParams(max_new_tokens=8, batch_size=4)
TEXTS = ["你好", "What is 12 + 34?", "把“苹果”翻译成英文。"]


def questions(reference):
    return [Question(id=text, question=text, reference=reference, category="open qa") for text in TEXTS]


def make(link, scheme):
    out = link.parent / "quantized" / scheme
    out.mkdir(parents=True)
    quantize(scheme, link, out)
    return out


@pytest.fixture
def here(tiny_model, tmp_path, monkeypatch):
    """An experiment's directory, and a model in it."""
    monkeypatch.chdir(tmp_path)
    link = tmp_path / "models" / "base"
    link.mkdir(parents=True)
    for path in tiny_model("llama").iterdir():
        (link / path.name).write_bytes(path.read_bytes())
    (tmp_path / "eval").mkdir()
    return link


def facts_of(scheme, link, asked, tmp_path):
    generate_quantized(scheme, link, asked, PARAMS, tmp_path / "eval", tmp_path / "speed")
    return json.loads((tmp_path / "eval" / "facts.json").read_text())


def test_gguf_answers_and_facts(here, tmp_path):
    for scheme in ("gguf-f32", "gguf-q4_0"):
        assert [path.name for path in make(here, scheme).iterdir()] == ["model.gguf"]
    exact = facts_of("gguf-f32", here, questions("苹果是红色的。"), tmp_path)
    size = (here.parent / "quantized" / "gguf-f32" / "model.gguf").stat().st_size
    assert exact == {"size_mb": round(size / 1e6, 3), "kl": 0.0, "top1_agreement": 1.0}
    answers = read_answers(tmp_path / "eval" / "answers.jsonl")
    generate_full(here, questions("苹果是红色的。"), PARAMS, tmp_path / "eval", tmp_path / "speed")
    assert answers == read_answers(tmp_path / "eval" / "answers.jsonl")
    rounded = facts_of("gguf-q4_0", here, questions("苹果是红色的。"), tmp_path)
    assert rounded["kl"] > 1e-3
    assert rounded["size_mb"] < exact["size_mb"] / 2
    assert set(json.loads((tmp_path / "speed" / "speed.json").read_text())["speed"]) == {"generate gguf-q4_0"}


def test_without_references_there_is_a_notice_and_no_distance(here, tmp_path, capsys):
    make(here, "gguf-f16")
    assert set(facts_of("gguf-f16", here, questions(None), tmp_path)) == {"size_mb"}
    assert "no question has a reference" in capsys.readouterr().err


def test_what_is_missing_or_unknown_is_said(here, tmp_path):
    with pytest.raises(UserError, match=r"models/quantized/gguf-q8_0: no such directory; run `dvc repro"):
        facts_of("gguf-q8_0", here, questions(None), tmp_path)
    for scheme in ("awq-int4", "gptq-int3", "gguf-q9"):
        with pytest.raises(UserError, match=f"{scheme}: unknown; known schemes: gptq-int4, .*, gguf-q6_k$"):
            quantize(scheme, here, tmp_path)
