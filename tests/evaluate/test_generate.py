import json
from pathlib import Path

import pytest

from belle.config.evaluate import GenerateParams
from belle.config.quantize import CalibrationParams, GptqParams, QuantizeParams
from belle.data.questions import Question
from belle.errors import UserError
from belle.evaluate.answers import read_answers
from belle.evaluate.generate import generate_quantized, generate_unquantized
from belle.quantize.quantizers import quantize

QUANTIZE = QuantizeParams(
    schemes=[],
    gptq=GptqParams(group_size=32, act_order=False),
    calibration=CalibrationParams(samples=1),
)
PARAMS = GenerateParams(max_new_tokens=8, batch_size=4)
TEXTS = ["你好", "What is 12 + 34?", "把“苹果”翻译成英文。"]


def questions(reference):
    return [Question(id=text, question=text, reference=reference, category="open qa") for text in TEXTS]


def make(checkpoint, scheme):
    out = checkpoint.parent / "quantized" / scheme
    out.mkdir(parents=True)
    quantize(scheme, checkpoint, Path("unused"), QUANTIZE, out)
    return out


@pytest.fixture
def here(tiny_model, tmp_path, monkeypatch):
    """An experiment's directory, and a model in it."""
    monkeypatch.chdir(tmp_path)
    checkpoint = tmp_path / "models" / "base"
    checkpoint.mkdir(parents=True)
    for path in tiny_model("llama").iterdir():
        (checkpoint / path.name).write_bytes(path.read_bytes())
    (tmp_path / "eval").mkdir()
    return checkpoint


def stats_of(scheme, checkpoint, questions, tmp_path):
    quantized = checkpoint.parent / "quantized" / scheme
    generate_quantized(scheme, quantized, checkpoint, questions, PARAMS, tmp_path / "eval", tmp_path / "speed")
    return json.loads((tmp_path / "eval" / "stats.json").read_text())


def test_gguf_answers_and_stats(here, tmp_path):
    for scheme in ("gguf-f32", "gguf-q4_0"):
        assert [path.name for path in make(here, scheme).iterdir()] == ["model.gguf"]
    exact = stats_of("gguf-f32", here, questions("苹果是红色的。"), tmp_path)
    size = (here.parent / "quantized" / "gguf-f32" / "model.gguf").stat().st_size
    assert exact == {"size_mb": round(size / 1e6, 3), "kl_divergence": 0.0, "top1_agreement": 1.0}
    answers = read_answers(tmp_path / "eval" / "answers.jsonl")
    generate_unquantized(here, questions("苹果是红色的。"), PARAMS, tmp_path / "eval", tmp_path / "speed")
    assert answers == read_answers(tmp_path / "eval" / "answers.jsonl")
    rounded = stats_of("gguf-q4_0", here, questions("苹果是红色的。"), tmp_path)
    assert rounded["kl_divergence"] > 1e-3
    assert rounded["size_mb"] < exact["size_mb"] / 2
    assert set(json.loads((tmp_path / "speed" / "speed.json").read_text())["speed"]) == {"generate gguf-q4_0"}


def test_without_references_there_is_a_notice_and_no_distance(here, tmp_path, capsys):
    make(here, "gguf-f16")
    assert set(stats_of("gguf-f16", here, questions(None), tmp_path)) == {"size_mb"}
    assert "no question has a reference" in capsys.readouterr().err


def test_a_missing_model_is_named(here, tmp_path):
    with pytest.raises(UserError, match=r"models/quantized/gguf-q8_0: no such directory; run `dvc repro"):
        stats_of("gguf-q8_0", here, questions(None), tmp_path)
