import pytest

from belle.clean.filters.gpt_question import GptQuestion
from factories import conversation

from .see_one import see_one


@pytest.mark.parametrize(
    ("question", "seen"),
    [
        ("让 GPT 助手为博文生成合适的标题。", "让 GPT 助手为"),
        ("要求GPT模型根据以下关键词写一首诗。", "要求GPT模型根据"),
        ("请GPT写一个故事。", "请GPT写"),
        ("提供一段文字，以便GPT能够生成摘要。", "以便GPT能够"),
        ("使用GPT模型生成一段对话。", "使用GPT模型生成"),
        ("给出一个主题，GPT应该写出三个问题。", "，GPT应该写"),
        ("作为ChatGPT，请介绍你自己。", "作为ChatGPT，"),
    ],
)
def test_a_question_that_tells_gpt_what_to_do_is_seen(question, seen):
    assert see_one(GptQuestion(), conversation(question, "好的。")) == seen


@pytest.mark.parametrize(
    "question",
    [
        "解释 GPT 语言模型的概念。",
        "GPT-3 是如何工作的？",
        "列举使用 GPT 模型完成任务的两个好处。",
        "描述一个使用 GPT 模型生成自然语言文本的过程。",
        "比较 BERT 和 GPT。",
        "让学生写一篇作文。",
    ],
)
def test_questions_about_gpt_are_kept(question):
    assert see_one(GptQuestion(), conversation(question, "让GPT写一首诗。")) is None
