import pytest

from belle.clean.filters.missing_input import MissingInput
from factories import conversation

from .see_one import see_one


@pytest.mark.parametrize(
    ("question", "answer", "seen"),
    [
        ("为下面的照片生成一个有趣的标题。", "海边的夏天", "下面的照片"),
        ("给定一张照片，提供三个标签来描述它", "海滩，海洋，日落。", "给定一张照片"),
        ("阅读以下内容，并列出与运动相关的形容词。", "激烈的", "以下内容"),
        ("总结这篇文章的主要观点。", "文章认为……", "这篇文章"),
        ("将上述表格转换为列表", "- 苹果", "上述表格"),
        ("Summarize the following article.", "It says ...", "following article"),
        ("翻译一下", "请提供需要翻译的文本。", "请提供需要翻译的文本"),
        ("帮我改写一下", "抱歉，您没有提供任何句子。", "抱歉，您没有提供"),
        ("Fix it", "Please provide the text you want me to fix.", "Please provide the text"),
    ],
)
def test_a_question_without_its_text_is_seen(question, answer, seen):
    assert see_one(MissingInput(), conversation(question, answer)) == seen


@pytest.mark.parametrize(
    "question",
    [
        "总结以下文章：\n人工智能正在改变世界。",
        "总结以下文章\n人工智能正在改变世界。",
        "将下面的句子改为被动语态：猫追老鼠",
        "给这篇文章起个标题。文章讲述了一个男孩和他的狗。",
        "分析《少有人走的路》这首诗",
        "找出句子“他跑得快”中的副词，并解释这个句子",
        "编写一个函数来反转给定的文本",
        "如何总结一篇文章？",
        "什么是数据集？",
        "提供一首诗中斜韵的例子。",
        "写一篇关于春天的文章。",
        "计算下列数字的平均值 12, 15, 18",
        "Correct this sentence: He go to school.",
        "How do I summarize the given text in Python?",
    ],
)
def test_a_question_with_its_text_or_about_any_text_is_kept(question):
    assert see_one(MissingInput(), conversation(question, "好的，如下。")) is None


def test_the_text_may_stand_in_the_system_message_or_an_earlier_turn():
    assert see_one(MissingInput(), conversation("总结这篇文章。", "好", system="文章：从前有座山。")) is None
    assert see_one(MissingInput(), conversation("从前有座山。", "然后呢？", "总结这篇文章。", "山上有座庙。")) is None
    assert see_one(MissingInput(), []) is None
