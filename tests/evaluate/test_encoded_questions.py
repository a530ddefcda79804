import json
import shutil

import pytest

from belle.errors import UserError
from belle.evaluate.encoded_questions import encode_questions, fitting_references, model_positions, too_long_questions
from belle.tokenizer.load import load_tokenizer
from factories import question
from qwen3_template import THOUGHT_NOTHING, as_qwen3

POSITIONS = 512
"""Of the tiny models."""


@pytest.fixture
def checkpoint(tiny_model):
    return tiny_model("llama")


@pytest.fixture
def tokenizer(checkpoint):
    return load_tokenizer(checkpoint)


def lines_of(error) -> list[str]:
    return str(error.value).splitlines()


def test_the_prompt_ends_with_the_header_of_the_answer(tokenizer):
    (encoded,) = encode_questions([question("q", "你好")], tokenizer)
    assert tokenizer.decode(encoded.prompt) == "Human: \n你好\n\nAssistant: \n"
    assert encoded.question == question("q", "你好")
    assert encoded.reference is None


def test_the_reference_answer_follows_the_prompt_and_is_in_the_loss_mask(tokenizer):
    (encoded,) = encode_questions([question("q", "你好", "苹果")], tokenizer)
    answer = [*tokenizer("苹果", add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
    assert encoded.reference.ids.tolist() == encoded.prompt + answer
    assert encoded.reference.ids[encoded.reference.loss_mask].tolist() == answer


def test_a_model_that_can_think_answers_at_once(tokenizer):
    (encoded,) = encode_questions([question("q", "你好", "苹果")], as_qwen3(tokenizer))
    assert tokenizer.decode(encoded.prompt).endswith(THOUGHT_NOTHING)
    assert encoded.reference.ids[: len(encoded.prompt)].tolist() == encoded.prompt
    assert tokenizer.decode(encoded.reference.ids[encoded.reference.loss_mask]) == "苹果" + tokenizer.eos_token


def test_questions_with_special_tokens_are_refused_one_line_each(tokenizer):
    bad = [question("q0", "你好"), question("q1", "a <|endoftext|> b"), question("q2", "好", "<|pad|>")]
    with pytest.raises(UserError) as error:
        encode_questions(bad, tokenizer)
    lines = lines_of(error)
    assert ["question q1: special_token" in lines[0], "question q2: special_token" in lines[1], len(lines)] == [
        True, True, 2,
    ]  # fmt: skip


def test_answers_beyond_the_models_positions_are_refused_with_the_limit(checkpoint, tokenizer):
    encoded = encode_questions([question("q0", "你好")], tokenizer)
    length = len(encoded[0].prompt)
    limit = POSITIONS - length
    assert model_positions(checkpoint) == POSITIONS
    assert too_long_questions(encoded, limit, POSITIONS, "error") == set()
    with pytest.raises(UserError) as error:
        too_long_questions(encoded, limit + 1, POSITIONS, "error")
    (line,) = lines_of(error)
    words = ["question q0: ", f"{length} tokens", str(limit + 1), f"{POSITIONS} positions", "max_new_tokens"]
    assert [word for word in words if word not in line] == []
    assert line.endswith(f" {limit}, or set evaluate.generate.too_long to skip")


def test_a_question_beyond_the_models_positions_is_named(tokenizer):
    encoded = encode_questions([question("q0", "你好", "苹果"), question("q1", "苹果" * 600)], tokenizer)
    with pytest.raises(UserError) as error:
        too_long_questions(encoded, 1, POSITIONS, "error")
    (line,) = lines_of(error)
    assert "question q1: " in line
    assert f"{len(encoded[1].prompt)} tokens" in line


def test_questions_that_are_too_long_may_be_skipped_with_a_note_but_not_all(tokenizer, capsys):
    encoded = encode_questions([question("q0", "你好"), question("q1", "苹果" * 600), question("q2", "好")], tokenizer)
    assert too_long_questions(encoded, 1, POSITIONS, "skip") == {"q1"}
    assert capsys.readouterr().err == (
        "note: 1 of 3 questions are too long for the model's 512 positions and get an empty answer: q1\n"
    )
    with pytest.raises(UserError, match=r"^every evaluation question is too long; .*question q0: "):
        too_long_questions(encoded, POSITIONS, POSITIONS, "skip")


def test_a_reference_beyond_the_models_positions_is_left_out_with_a_note(tokenizer, capsys):
    encoded = encode_questions(
        [question("q0", "你好", "苹果"), question("q1", "你好", "苹果" * 600), question("q2", "你好")], tokenizer
    )
    assert too_long_questions(encoded, 1, POSITIONS, "error") == set()
    assert fitting_references(encoded, None) == [encoded[0].reference, encoded[1].reference]
    assert capsys.readouterr().err == ""
    assert fitting_references(encoded, POSITIONS) == [encoded[0].reference]
    assert "no room in the model's 512 positions for 1 reference answer, left out" in (note := capsys.readouterr().err)
    assert note.endswith(": q1\n")


def test_a_model_without_a_limit_takes_any_length(tiny_model, tmp_path, tokenizer):
    folder = shutil.copytree(tiny_model("llama"), tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    del config["max_position_embeddings"]
    (folder / "config.json").write_text(json.dumps(config))
    encoded = encode_questions([question("q", "苹果" * 600)], tokenizer)
    assert model_positions(folder) is None
    assert too_long_questions(encoded, 10, None, "error") == set()
