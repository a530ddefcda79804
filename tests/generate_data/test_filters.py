"""Each filter with what it drops and what it keeps."""

import pytest

from belle.generate_data.filters import dialogue_drop_reason, drop_reason, without_address
from belle.generate_data.parse import Task
from factories import conversation

LONG = "请根据给出的材料写出主要内容" * 8


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("short_instruction", {"instruction": "写诗吧"}),
        (None, {"instruction": "写一首诗"}),
        ("empty_output", {"output": ""}),
        ("other_media", {"instruction": "描述这张图片的内容"}),
        ("other_media", {"input": "见 http://example.com"}),
        (None, {"output": "可以把照片保存成文件"}),
        ("model_named", {"output": "我是 OpenAI 的模型"}),
        ("model_named", {"instruction": "介绍一下chatgpt的历史"}),
        ("model_named", {"input": "GPT-3.5 与人"}),
        ("long_instruction", {"instruction": LONG, "input": "材料"}),
        (None, {"instruction": LONG, "input": ""}),
        (None, {"instruction": f"{LONG}，见例子", "input": "材料"}),
        ("long_instruction", {"instruction": f"{LONG}{LONG}，见例子", "input": "材料"}),
        ("cut_off", {"problem": "cut_off"}),
        (None, {}),
    ],
)
def test_a_task(reason, changes):
    task = {"id": "1-1", "instruction": "把句子改短一些", "input": "今天的天气非常好", "output": "今天天气好"}
    assert drop_reason(Task(**task | changes)) == reason


@pytest.mark.parametrize(
    ("instruction", "left"),
    [
        ("请GPT写一首关于海的诗", "写一首关于海的诗"),
        ("让GPT模型回答下面的问题", "回答下面的问题"),
        ("GPT应该列出三种水果", "列出三种水果"),
        ("使用GPT-3语言模型，生成一段对话", "生成一段对话"),
        ("要求GPT能够解释这个成语", "解释这个成语"),
        ("给出一个场景，以便GPT能够续写。", "给出一个场景。"),
        ("写一首关于海的诗", "写一首关于海的诗"),
        ("什么是GPT模型？", "什么是GPT模型？"),
    ],
)
def test_a_model_is_not_addressed(instruction, left):
    assert without_address(Task("1-1", instruction)).instruction == left


@pytest.mark.parametrize(
    ("reason", "turns"),
    [
        (None, ["在吗", "在。", "天为什么蓝", "因为散射。"]),
        ("few_turns", ["在吗", "在。"]),
        ("few_turns", []),
        ("empty_message", ["在吗", "", "天为什么蓝", "因为散射。"]),
        ("model_named", ["在吗", "我是ChatGPT。", "哦", "嗯。"]),
    ],
)
def test_a_dialogue(reason, turns):
    assert dialogue_drop_reason(conversation(*turns)) == reason
