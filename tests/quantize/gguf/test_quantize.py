from typing import get_args

import pytest
from gguf import GGUFReader
from transformers import LlamaConfig, LlamaForCausalLM

from belle.config.quantize import GgufScheme
from belle.errors import UserError
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.quantize.gguf import quantize as llama_quantize
from belle.quantize.gguf.quantize import FILE_TYPES, quantize_file
from belle.quantize.gguf.writer import TYPES, write_gguf
from belle.tokenizer.patterns import QWEN2_PATTERN

from .tiny_models import byte_level_tokenizer, random_weights

BY_SIZE = ["q2_k", "q3_k_s", "q3_k_m", "q3_k_l", "q4_k_s", "q4_k_m", "q5_k_s", "q5_k_m", "q6_k", "q8_0"]
IDS = list(range(5, 120, 3))


def f32_file(folder, hidden, intermediate):
    config = LlamaConfig(
        vocab_size=700,
        hidden_size=hidden,
        intermediate_size=intermediate,
        num_hidden_layers=2,
        num_attention_heads=4,
    )
    path = folder / "f32.gguf"
    write_gguf(random_weights(LlamaForCausalLM(config)), byte_level_tokenizer(QWEN2_PATTERN), path, "f32")
    return path


def test_every_scheme_can_be_made():
    assert {scheme.removeprefix("gguf-") for scheme in get_args(GgufScheme)} == FILE_TYPES.keys() | TYPES.keys()


@pytest.mark.slow
def test_every_type_loads_and_more_bits_are_closer(tmp_path, capsys):
    path = f32_file(tmp_path, 256, 512)
    expected = LlamaCppModel(path, context_length=64, threads=1).logits(IDS)
    sizes, errors = {}, {}
    capsys.readouterr()
    for kind in FILE_TYPES:
        target = tmp_path / f"{kind}.gguf"
        quantize_file(path, target, kind)
        model = LlamaCppModel(target, context_length=64, threads=1)
        sizes[kind], errors[kind] = target.stat().st_size, abs(model.logits(IDS) - expected).mean()
        assert model.tokenize("你好<|endoftext|>")[-1] == 0
    assert capsys.readouterr().err == ""
    assert [sizes[kind] for kind in BY_SIZE] == sorted(sizes[kind] for kind in BY_SIZE)
    assert sizes["q4_0"] < sizes["q4_1"] < sizes["q5_1"] < sizes["q8_0"] < path.stat().st_size / 3
    assert 0 < errors["q8_0"] < errors["q6_k"] < errors["q4_k_m"] < errors["q2_k"]
    fields = GGUFReader(tmp_path / "q4_k_m.gguf").fields
    assert fields["tokenizer.chat_template"].contents() == "{{ messages }}"


def test_bytes_do_not_depend_on_threads(tmp_path, monkeypatch):
    path = f32_file(tmp_path, 256, 256)
    written = []
    for threads in (1, 3):
        monkeypatch.setattr(llama_quantize.os, "sched_getaffinity", lambda _, count=threads: range(count))
        quantize_file(path, tmp_path / "out.gguf", "q4_k_m")
        written.append((tmp_path / "out.gguf").read_bytes())
    assert written[0] == written[1]


def test_tensors_that_do_not_fit_the_block_are_named(tmp_path, capsys):
    path = f32_file(tmp_path, 64, 256)
    capsys.readouterr()
    quantize_file(path, tmp_path / "out.gguf", "q4_k_m")
    notes = capsys.readouterr().err.splitlines()
    (note,) = [note for note in notes if "blk.0.attn_q.weight" in note]
    assert [word for word in ("64", "256", "Q5_0") if word not in note] == []
    assert not any("ffn_down" in note for note in notes)
    quantize_file(path, tmp_path / "out.gguf", "q4_0")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("content", [None, b"no GGUF", b""])
def test_a_file_that_cannot_be_read_is_named_and_leaves_nothing(content, tmp_path):
    path = tmp_path / "f32.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"f32\.gguf: .*q8_0: .*load"):
        quantize_file(path, tmp_path / "out.gguf", "q8_0")
    assert [file.name for file in tmp_path.iterdir()] == ([] if content is None else ["f32.gguf"])


def test_a_quantized_file_is_not_quantized_again(tmp_path):
    path = f32_file(tmp_path, 64, 64)
    quantize_file(path, tmp_path / "q8_0.gguf", "q8_0")
    with pytest.raises(UserError, match=r"q8_0\.gguf: .*q4_0: .*q8_0"):
        quantize_file(tmp_path / "q8_0.gguf", tmp_path / "q4_0.gguf", "q4_0")
    assert not (tmp_path / "q4_0.gguf").exists()
