import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from belle.errors import UserError
from belle.evaluate.backends.backend import Generation
from belle.evaluate.backends.hugging_face import HuggingFaceModel
from belle.evaluate.backends.llama_cpp import LlamaCppModel
from belle.quantize.gguf.writer import write_gguf

from ..asking import HOT, decoding, generated, prompts_of

END = 0
NEW_TOKENS = 40
ANSWERS = {
    "一加一": "等于二。",
    "天空": "是蓝色的，云是白色的。",
    "Say hello": "Hello, world!",
    "数数": "一二三四五六七八九十" * 6,
}


def tokenizer() -> PreTrainedTokenizerFast:
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer, backend.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=280,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    backend.train_from_iterator([*ANSWERS, *ANSWERS.values()], trainer)
    return PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<|endoftext|>", chat_template="{{ 1 }}")


def trained_model(conversations: list[list[int]]) -> LlamaForCausalLM:
    """A model that knows the four answers by heart: its best token is far ahead, as a real model's mostly is."""
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=400,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=END,
    )
    model = LlamaForCausalLM(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(60):
        for tokens in conversations:
            ids = torch.tensor([tokens])
            model(ids, labels=ids).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return model.eval()


@pytest.fixture(scope="module")
def memorized(tmp_path_factory):
    """Prompts as ids, the model, and its GGUF file."""
    tokens = tokenizer()
    prompts = [tokens(text)["input_ids"] for text in ANSWERS]
    answers = [[*tokens(text)["input_ids"], END] for text in ANSWERS.values()]
    model = trained_model([prompt + answer for prompt, answer in zip(prompts, answers, strict=True)])
    path = tmp_path_factory.mktemp("gguf") / "model.gguf"
    write_gguf(model, tokens, path, "f16")
    return prompts, model, path


def hugging_face_answer(model, prompt):
    ids = torch.tensor([prompt])
    output = model.generate(ids, max_new_tokens=NEW_TOKENS, do_sample=False, pad_token_id=END)
    new = output[0, len(prompt) :].tolist()
    return Generation(new[:-1], "eos") if new[-1] == END else Generation(new, "length")


def test_greedy_answers_equal_hugging_face(memorized):
    prompts, model, path = memorized
    answers = generated(LlamaCppModel(path, context_length=128, threads=None), prompts, decoding(NEW_TOKENS))
    assert answers == [hugging_face_answer(model, prompt) for prompt in prompts]
    assert [answer.stop for answer in answers] == ["eos", "eos", "eos", "length"]
    assert len(answers[3].ids) == NEW_TOKENS
    assert tokenizer().decode(answers[1].ids) == ANSWERS["天空"]


def test_an_answer_does_not_depend_on_other_prompts(memorized):
    prompts, _, path = memorized
    model = LlamaCppModel(path, context_length=128, threads=1)
    for how in (decoding(NEW_TOKENS), decoding(NEW_TOKENS, **HOT)):
        asked = prompts_of(prompts)
        together = generated(model, asked, how)
        assert [generated(model, [prompt], how)[0] for prompt in reversed(asked)] == together[::-1]
        assert generated(model, [], how) == []


def test_drawn_answers_equal_hugging_face_and_depend_on_the_seed(memorized):
    prompts, model, path = memorized
    llama, torch_model = LlamaCppModel(path, context_length=128, threads=1), HuggingFaceModel(model, 3)
    drawn = generated(llama, prompts, decoding(12, **HOT))
    assert drawn == generated(torch_model, prompts, decoding(12, **HOT))
    assert drawn != generated(llama, prompts, decoding(12, seed=1, **HOT))
    assert drawn != generated(llama, prompts, decoding(12))


def test_an_answer_ends_with_the_token_that_begins_the_next_turn(memorized):
    prompts, model, path = memorized
    whole = generated(LlamaCppModel(path, context_length=128, threads=1), prompts, decoding(NEW_TOKENS))
    turn = whole[3].ids[5]
    end = whole[3].ids.index(turn) + 1
    for backend in (LlamaCppModel(path, context_length=128, threads=1), HuggingFaceModel(model, 4)):
        found = generated(backend, prompts, decoding(NEW_TOKENS, turn=turn))
        assert found[3] == Generation(whole[3].ids[:end], "turn")
        assert found[0] == whole[0] or turn in whole[0].ids


def test_all_end_tokens_end_an_answer_and_no_other_does(memorized):
    prompts, model, path = memorized
    backends = (LlamaCppModel(path, context_length=128, threads=1), HuggingFaceModel(model, 4))
    whole = generated(backends[0], prompts, decoding(NEW_TOKENS))[1]
    for backend in backends:
        assert generated(backend, prompts, decoding(NEW_TOKENS, ends=(END, whole.ids[2])))[1].ids == whole.ids[:2]
        # llama.cpp knows this one as an end token too
        assert generated(backend, prompts, decoding(len(whole.ids) + 1, ends=(399,)))[1].ids == [*whole.ids, END]


def test_logits_agree_with_hugging_face_and_do_not_depend_on_threads(memorized):
    prompts, model, path = memorized
    ids = prompts[2] + prompts[0]
    with torch.no_grad():
        expected = model(torch.tensor([ids])).logits[0].numpy()
    one, two = (LlamaCppModel(path, context_length=128, threads=count).logits(ids) for count in (1, 2))
    assert one.shape == (len(ids), 400)
    assert one.dtype == np.float32
    assert np.abs(one - expected).max() < 5e-3 * np.abs(expected).max()
    assert np.array_equal(one, two)


def test_prompts_that_do_not_fit_the_context_are_refused(memorized):
    model = LlamaCppModel(memorized[2], context_length=16, threads=1)
    with pytest.raises(UserError, match=r"^question q1: 40 tokens .*\b8\b.*\b16\b"):
        generated(model, [[5, 6], [5] * 40], decoding(8))
    with pytest.raises(UserError, match="17 tokens"):
        model.logits([5] * 17)
    with pytest.raises(UserError, match=r"^question q0: 0 tokens"):
        generated(model, [[]], decoding(8))


@pytest.mark.parametrize("content", [b"", b"GGUF", b"x" * 100])
def test_a_broken_file_is_named(content, tmp_path):
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"broken\.gguf: .*(magic|GGUF|load)"):
        LlamaCppModel(path, context_length=8, threads=1)
