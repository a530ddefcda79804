"""Tasks and dialogues as models write them, with the slips they make."""

import pytest

from belle.generate_data.parse import Task, parse_dialogue, parse_tasks
from generate_data.factories import block, reply

POEM = ("写一首短诗", "<无输入>", "风吹过\n山岗")
SUM = ("计算下面的算式", "3 - 5", "-2")


def parsed(text, finish_reason="stop"):
    tasks = parse_tasks(reply(text, finish_reason), 1)
    return [(task.instruction, task.input, task.output) if task.problem is None else task.problem for task in tasks]


@pytest.mark.parametrize(
    "text",
    [
        "\n###\n".join([block(4, *POEM), block(5, *SUM)]),
        # it goes on where the prompt ends
        "\n###\n".join([block(4, *POEM).removeprefix("4. 指令："), block(5, *SUM)]),
        "\n".join([block(4, *POEM), "", block(5, *SUM)]),
        "\n###\n".join([block(4, *POEM), block(5, *SUM)]).replace("：", ":"),
        "\n###\n".join([block(4, *POEM), block(5, *SUM), "6."]),
        "\n###\n".join([block(4, *POEM), block(5, *SUM), ""]),
        "\n\n".join([block(4, *POEM), block(5, *SUM)]).replace("4. ", "**").replace("5. ", "**").replace("：", "：**"),
        "### 4. " + "\n### 5. ".join([block(4, *POEM), block(5, *SUM)]).replace("4. ", "").replace("5. 指令", "指令"),
    ],
    ids=["as asked", "continued", "no separators", "ASCII", "number behind", "separator behind", "bold", "headings"],
)  # fmt: skip
def test_two_tasks(text):
    assert parsed(text) == [("写一首短诗", "", "风吹过\n山岗"), SUM]


def test_ids_name_request_and_task():
    tasks = parse_tasks(reply(f"{block(4, *POEM)}\n###\n{block(5, *SUM)}"), 17)
    assert [task.id for task in tasks] == ["17-1", "17-2"]


def test_the_last_task_of_a_reply_that_was_cut_off_is_none():
    assert parsed(f"{block(4, *POEM)}\n###\n{block(5, *SUM)}", "length") == [
        ("写一首短诗", "", "风吹过\n山岗"),
        "cut_off",
    ]
    assert parsed("", "length") == ["cut_off"]
    assert parsed(block(4, *POEM), "content_filter") == ["cut_off"]


def test_what_a_model_thinks_before_it_writes_is_no_task_and_no_turn():
    draft = f"<think>\n先打个草稿。\n{block(4, *SUM)}\n</think>\n\n"
    assert parsed(draft + block(4, *POEM)) == [("写一首短诗", "", "风吹过\n山岗")]
    assert parsed(draft.removeprefix("<think>") + block(4, *POEM)) == [("写一首短诗", "", "风吹过\n山岗")]
    assert spoken("<think>\n助手：草稿\n</think>\n助手：一") == [("u", "你好？"), ("a", "一")]


@pytest.mark.parametrize(
    "text", ["", "对不起，我不能。", "4. 指令：写诗\n4. 输出：\n风", "指令：写诗\n输出：风\n输入：无"]
)
def test_what_is_no_task(text):
    assert parsed(text) == ["unparsable"]


def test_labels_inside_a_text_belong_to_it():
    output = "把“指令：”写在前面\n输入：5\n输出：120"
    assert parsed(block(4, "解释格式", "<无输入>", output)) == [("解释格式", "", output)]


@pytest.mark.parametrize("output", ["答案是 20.", "42", "1. 苹果\n2. 梨", "第一行\n\n42"])
def test_numbers_of_an_answer_stay(output):
    assert parsed(f"{block(4, '回答', '无', output)}\n###\n{block(5, *SUM)}")[0][2] == output


def test_a_question_is_instruction_and_input():
    assert Task("1-1", "算一算", "3 - 5", "-2").question == "算一算\n3 - 5"
    assert Task("1-1", "算一算", "", "-2").question == "算一算"


def spoken(text, finish_reason="stop", turns=3):
    messages = parse_dialogue(reply(text, finish_reason), "你好？", turns)
    return [(message["role"][0], message["content"]) for message in messages]


WHOLE = [("u", "你好？"), ("a", "好。"), ("u", "为什么？\n说说"), ("a", "因为：\n天晴")]


@pytest.mark.parametrize(
    "text",
    [
        "助手：好。\n用户：为什么？\n说说\n助手：因为：\n天晴",
        "好。\n用户：为什么？\n说说\n助手：因为：\n天晴",
        "用户：你好？\n助手：好。\n用户：为什么？\n说说\n助手：因为：\n天晴",
        "**助手**：好。\n\n**用户**：为什么？\n说说\n\n**助手**：因为：\n天晴\n",
        "助手: 好。\n用户: 为什么？\n说说\n助手: 因为：\n天晴\n用户：再",
    ],
    ids=["as asked", "continued", "with the question", "bold", "question behind"],
)
def test_a_dialogue(text):
    assert spoken(text) == WHOLE


def test_a_line_opens_a_turn_only_when_it_is_its_speakers_turn():
    assert spoken("助手：例如\n助手：我在。\n用户：嗯\n助手：好") == [
        ("u", "你好？"), ("a", "例如\n助手：我在。"), ("u", "嗯"), ("a", "好"),
    ]  # fmt: skip


def test_what_was_cut_off_or_goes_beyond_the_turns_is_left_out():
    text = "助手：一\n用户：二\n助手：三\n用户：四\n助手：五"
    assert len(spoken(text, turns=2)) == 4
    assert spoken(text, "length")[-1] == spoken(text, "content_filter")[-1] == ("a", "三")
    assert spoken("助手：一", "length") == []
