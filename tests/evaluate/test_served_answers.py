"""Answers of a server, scripted here; llama.cpp's own in test_served_by_llama_cpp.py."""

import json
import shutil
from pathlib import Path

import pytest

from belle.config.decoding import DecodingProfile
from belle.endpoints import retries
from belle.errors import UserError
from belle.evaluate.answers import read_answers
from belle.evaluate.generate import generate_served
from belle.evaluate.served_model import served_name
from belle.evaluate.task import Task
from belle.tokenizer.load import load_tokenizer
from chat_server import ChatServer, Step, error, prompt_completion, serve_chat
from endpoints.conftest import endpoint
from factories import question

from .asking import HOT, generate_params, profile

PARAMS = generate_params(engine="endpoint", endpoint="test", max_new_tokens=30)
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


def answer(server: ChatServer, checkpoint: Path, how: DecodingProfile | None = None, seed: int = 0) -> list[str]:
    out = Path("eval")
    task = Task.prepare(checkpoint, QUESTIONS, PARAMS.model_copy(update={"seed": seed}), how or profile())
    generate_served(task, endpoint(base_url=server.address), out)
    return [one.answer for one in read_answers(out / "answers.jsonl")]


EXPECTED = ["回答：你好", "回答：What is 12 + 34?", "回答：猫"]


def test_prompts_are_sent_as_ids_with_every_setting_and_asked_for_once(server, checkpoint):
    assert answer(server, checkpoint, profile(**HOT)) == EXPECTED
    probe, *asked = server.asked
    assert probe["max_tokens"] == 1
    task = Task.prepare(checkpoint, QUESTIONS, PARAMS, profile())
    assert sorted(body["prompt"] for body in asked) == sorted(prompt.ids for prompt in task.prompts)
    settings = {"temperature": 1.0, "top_k": 30, "top_p": 0.95, "min_p": 0.0, "max_tokens": 30, "stop_token_ids": [0]}
    assert all(body | settings == body and body["model"] == served_name(checkpoint) for body in asked)
    assert {(body["repetition_penalty"], body["repeat_penalty"]) for body in asked} == {(1.2, 1.2)}
    assert len({body["seed"] for body in asked}) == 3
    assert answer(server, checkpoint, profile(**HOT)) == EXPECTED
    # not even whether it takes ids
    assert len(server.asked) == len(asked) + 1
    assert json.loads(Path("eval/stats.json").read_text()).keys() == {"size_mb"}


@pytest.mark.parametrize("script", [[], [error(422, "prompt: Input should be a valid string")]])
def test_when_all_replies_are_kept_the_server_may_be_gone(server, checkpoint, script):
    server.script = script
    assert answer(server, checkpoint) == EXPECTED
    shutil.rmtree("eval")
    server.address = "http://127.0.0.1:9/v1"
    assert answer(server, checkpoint) == EXPECTED


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
        (
            {"prompt_tokens": None},
            {"finish_reason": "tool_calls"},
            "is tool_calls, none of stop, length, content_filter",
        ),
        ({"prompt_tokens": None}, {"finish_reason": None}, "is None, none of"),
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
    texts = {
        "你好": ("苹果\n\nHuman: 再见", "length"),
        "What is 12 + 34?": ("46", "length"),
        "猫": ("<think>", "content_filter"),
    }

    def cut(body) -> bytes:
        (text, reason) = next(
            found for asked, found in texts.items() if asked in load_tokenizer(checkpoint).decode(body["prompt"])
        )
        return prompt_completion("", choices=[{"index": 0, "text": text, "finish_reason": reason}], usage=None)

    server.answer = cut
    assert answer(server, checkpoint) == ["苹果", "46", ""]
    assert [one.stop for one in read_answers(Path("eval/answers.jsonl"))] == ["turn", "length", "content_filter"]


def test_a_server_with_another_model_is_refused_with_the_command_that_starts_the_right_one(server, checkpoint):
    server.models = ["belle-000000000000"]
    with pytest.raises(UserError, match="it serves belle-000000000000, and not belle-") as raised:
        answer(server, checkpoint)
    command = f"vllm serve {checkpoint} --generation-config vllm --served-model-name {served_name(checkpoint)}"
    assert f"`{command}`" in str(raised.value) and server.asked == []


def test_replies_of_another_model_or_of_several_servers_are_noted(server, checkpoint, capsys):
    name = served_name(checkpoint)
    usage = {"prompt_tokens": None, "completion_tokens": 1}

    def reply(model: str | None, mark: str | None) -> bytes:
        return prompt_completion("好", usage=usage, model=model, system_fingerprint=mark)

    def note_of(one: bytes, other: bytes, seed: int) -> str:
        capsys.readouterr()
        server.script, server.answer = [Step(), Step(body=one)], lambda body: other
        answer(server, checkpoint, profile(temperature=1.0), seed)
        return "".join(line for line in capsys.readouterr().err.splitlines() if "was asked for" in line)

    assert note_of(reply(name, None), reply(name, None), 0) == ""
    assert note_of(reply(None, "b1"), reply(None, "b1"), 1) == ""
    asked = f"note: test: {name} was asked for; the replies are "
    assert note_of(reply("qwen", "b1"), reply("qwen", "b1"), 2) == f"{asked}3 of qwen (b1)"
    assert note_of(reply(name, "b1"), reply(name, "b2"), 3) == f"{asked}1 of {name} (b1), 2 of {name} (b2)"
    assert note_of(reply(None, None), reply(name, None), 4) == f"{asked}1 of an unnamed model, 2 of {name}"


def test_a_question_that_is_refused_and_a_server_that_is_gone_are_one_line(server, checkpoint):
    server.script = [Step(), Step(), error(400, "too long")]
    with pytest.raises(UserError, match=r"refused: 1 question; .*too long"):
        answer(server, checkpoint)
    with pytest.raises(UserError, match=r"cannot be reached .*`vllm serve "):
        task = Task.prepare(checkpoint, QUESTIONS, PARAMS, profile())
        generate_served(task, endpoint(base_url="http://127.0.0.1:9/v1"), Path("eval"))
