"""Answers of a server, scripted here; llama.cpp's own in test_served_by_llama_cpp.py."""

import json
from pathlib import Path

import pytest

from belle.checkpoints.models import load_model
from belle.config.decoding import DecodingProfile
from belle.config.generate import GenerateParams
from belle.endpoints import retries
from belle.errors import UserError
from belle.evaluate.answers import read_answers
from belle.evaluate.generate import generate_served
from belle.evaluate.served import sampling_parameters, served_name, start_command
from belle.evaluate.task import Task
from belle.tokenizer.load import load_tokenizer
from belle.train.lora import add_adapters, save_adapters
from chat_server import ChatServer, Step, error, prompt_completion, serve_chat
from endpoints.conftest import endpoint
from factories import lora_params, question

from .asking import HOT, profile

PARAMS = GenerateParams(engine="endpoint", endpoint="test", decoding="greedy", seed=0, max_new_tokens=30, batch_size=1)
QUESTIONS = [question("q1", "你好", "苹果"), question("q2", "What is 12 + 34?"), question("q3", "猫")]


@pytest.fixture
def checkpoint(tiny_model, tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.01)
    return tiny_model("llama")


@pytest.fixture
def server(checkpoint):
    """A server that holds the checkpoint and answers with its prompt as text, as many tokens as it really has."""
    tokenizer = load_tokenizer(checkpoint)

    def answer(body) -> bytes:
        prompt = body["prompt"]
        ids = prompt if isinstance(prompt, list) else tokenizer(prompt, add_special_tokens=False)["input_ids"]
        text = tokenizer.decode(ids).split("\n")[1]
        return prompt_completion(f" 回答：{text}\n", usage={"prompt_tokens": len(ids), "completion_tokens": 7})

    with serve_chat() as running:
        running.answer, running.models = answer, ["other", served_name(checkpoint)]
        yield running


def answer(server: ChatServer, checkpoint: Path, how: DecodingProfile | None = None) -> list[str]:
    out = Path("eval")
    out.mkdir(exist_ok=True)
    task = Task.prepare(checkpoint, QUESTIONS, PARAMS, how or profile())
    generate_served(task, endpoint(base_url=server.address), out)
    return [one.answer for one in read_answers(out / "answers.jsonl")]


EXPECTED = ["回答：你好", "回答：What is 12 + 34?", "回答：猫"]


def test_prompts_are_sent_as_ids_with_every_setting_and_asked_for_once(server, checkpoint):
    assert answer(server, checkpoint, profile(**HOT)) == EXPECTED
    probe, *asked = server.asked
    assert probe["max_tokens"] == 1
    task = Task.prepare(checkpoint, QUESTIONS, PARAMS, profile())
    assert sorted(body["prompt"] for body in asked) == sorted(prompt.ids for prompt in task.prompts)
    settings = {"temperature": 1.0, "top_k": 30, "top_p": 0.95, "min_p": 0.0, "max_tokens": 30}
    assert all(body | settings == body and body["model"] == served_name(checkpoint) for body in asked)
    assert {(body["repetition_penalty"], body["repeat_penalty"]) for body in asked} == {(1.2, 1.2)}
    assert len({body["seed"] for body in asked}) == 3
    assert answer(server, checkpoint, profile(**HOT)) == EXPECTED
    assert len(server.asked) == len(asked) + 2
    assert json.loads(Path("eval/stats.json").read_text()).keys() == {"size_mb"}


def test_a_server_that_takes_no_ids_gets_text_and_has_to_count_its_tokens(server, checkpoint, capsys):
    server.script = [error(422, "prompt: Input should be a valid string")]
    assert answer(server, checkpoint) == EXPECTED
    assert sorted(body["prompt"] for body in server.asked[1:])[0] == "Human: \nWhat is 12 + 34?\n\nAssistant: \n"
    assert "takes no token ids" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("usage", "choice", "problem"),
    [
        ({"prompt_tokens": 99, "completion_tokens": 2}, {}, "read 99 tokens"),
        ({}, {}, "does not say how many tokens"),
        ({"prompt_tokens": None, "completion_tokens": 4}, {"finish_reason": "length"}, "longer context"),
    ],
)
def test_other_tokens_than_ours_or_too_few_of_them_are_refused(server, checkpoint, usage, choice, problem):
    first = {"index": 0, "text": "好", "finish_reason": "stop"} | choice
    mended, server.answer = server.answer, lambda body: prompt_completion("", usage=usage, choices=[first])
    if not usage:
        server.script = [error(400, "prompt must be text")]
    with pytest.raises(UserError, match=rf"^question q1: .*{problem}"):
        answer(server, checkpoint)
    assert not Path("eval/answers.jsonl").exists()
    # when the server is mended, it is asked again
    server.answer = mended
    assert answer(server, checkpoint) == EXPECTED


def test_what_ends_an_answer(server, checkpoint):
    texts = {"你好": ("苹果\n\nHuman: 再见", "length"), "What is 12 + 34?": ("46", "length"), "猫": ("<think>", "stop")}

    def cut(body) -> bytes:
        (text, reason) = next(
            found for asked, found in texts.items() if asked in load_tokenizer(checkpoint).decode(body["prompt"])
        )
        return prompt_completion("", choices=[{"index": 0, "text": text, "finish_reason": reason}], usage=None)

    server.answer = cut
    assert answer(server, checkpoint) == ["苹果", "46", ""]
    assert [one.stop for one in read_answers(Path("eval/answers.jsonl"))] == ["turn", "length", "eos"]


def test_a_server_with_another_model_is_refused_with_the_command_that_starts_the_right_one(server, checkpoint):
    server.models = ["belle-000000000000"]
    with pytest.raises(UserError, match="it serves belle-000000000000, and not belle-") as raised:
        answer(server, checkpoint)
    command = f"vllm serve {checkpoint} --generation-config vllm --served-model-name {served_name(checkpoint)}"
    assert f"`{command}`" in str(raised.value) and server.asked == []


def test_a_question_that_is_refused_and_a_server_that_is_gone_are_one_line(server, checkpoint):
    server.script = [Step(), Step(), error(400, "too long")]
    with pytest.raises(UserError, match=r"1 questions are refused; .*too long"):
        answer(server, checkpoint)
    with pytest.raises(UserError, match=r"cannot be reached .*`vllm serve "):
        task = Task.prepare(checkpoint, QUESTIONS, PARAMS, profile())
        generate_served(task, endpoint(base_url="http://127.0.0.1:9/v1"), Path("eval"))


def test_an_adapter_has_another_name_and_is_served_beside_its_base(checkpoint, tmp_path):
    adapter = tmp_path / "adapter"
    save_adapters(add_adapters(load_model(checkpoint), lora_params(rank=12)), adapter, checkpoint, "fp32")
    assert served_name(adapter) != served_name(checkpoint)
    command = start_command(adapter)
    assert command.startswith(f"vllm serve {checkpoint} ")
    assert command.endswith(f"--enable-lora --max-lora-rank 16 --lora-modules {served_name(adapter)}={adapter}")


@pytest.mark.parametrize(
    ("changes", "stacked"), [({"use_dora": True}, False), ({"modules_to_save": ["lm_head"]}, False), ({}, True)]
)
def test_adapters_that_vllm_cannot_apply_are_served_merged(checkpoint, tmp_path, changes, stacked):
    first, second = tmp_path / "first", tmp_path / "second"
    save_adapters(add_adapters(load_model(checkpoint), lora_params(**changes)), first, checkpoint, "fp32")
    if stacked:
        save_adapters(add_adapters(load_model(first), lora_params()), second, first, "fp32")
    command = start_command(second if stacked else first)
    assert command.startswith("python -m llama_cpp.server --model models/quantized/gguf-f16/model.gguf --model_alias ")


def test_greedy_decoding_leaves_a_server_nothing_to_choose():
    assert sampling_parameters(profile(), 5) == {
        "temperature": 0.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "repetition_penalty": 1.0, "repeat_penalty": 1.0,
        "seed": 5,
    }  # fmt: skip
