"""What is asked: the same for the same seed, and readable by the parser."""

from belle.generate_data.parse import parse_tasks
from belle.generate_data.prompts import dialogue_requests, task_prompt, task_requests
from belle.generate_data.seeds import read_seed_tasks
from generate_data.factories import generation, reply

SEEDS = read_seed_tasks(None)


def test_the_seed_decides_which_tasks_are_shown_and_a_longer_list_begins_like_a_shorter_one():
    keys = [request.key for request in task_requests(generation(requests=20), SEEDS)]
    assert keys == [request.key for request in task_requests(generation(requests=30), SEEDS)][:20]
    other = task_requests(generation(requests=20).model_copy(update={"seed": 7}), SEEDS)
    assert len({*keys, *(request.key for request in other)}) == 40


def test_equal_prompts_are_asked_for_a_reply_each():
    requests = task_requests(generation(requests=5, demonstrations=1), SEEDS[:1])
    assert [request.repeat for request in requests] == [0, 1, 2, 3, 4] and len({one.key for one in requests}) == 5


def test_what_is_left_to_the_server_is_not_sent():
    (request,) = task_requests(
        generation(requests=1, sampling={"temperature": None, "top_p": None, "max_tokens": 9}), SEEDS
    )
    assert set(request.body) == {"model", "messages", "max_tokens"}


def test_the_shown_tasks_are_written_as_the_parser_reads_them():
    prompt = task_prompt(SEEDS[:3], 7)
    header, *_ = prompt.partition("1. 指令：")
    assert "从第 4 个写到第 10 个" in header and prompt.endswith("4. 指令：")
    tasks = parse_tasks(reply(prompt.removeprefix(header).removesuffix("4. 指令：")), 1)
    shown = [(task.instruction, task.instances[0].input, task.instances[0].output) for task in SEEDS[:3]]
    assert [(task.instruction, task.input, task.output) for task in tasks] == shown


def test_dialogues_begin_with_the_questions_and_with_the_first_again():
    openings, requests = dialogue_requests(generation(dialogues=5), ["一？", "二？"])
    assert openings == ["一？", "二？", "一？", "二？", "一？"]
    assert [request.repeat for request in requests] == [0, 0, 1, 1, 2]
    assert requests[0].messages[0]["content"].endswith("用户：一？\n")
    assert dialogue_requests(generation(dialogues=0), ["一？"]) == ([], [])
