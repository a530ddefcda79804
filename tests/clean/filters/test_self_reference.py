import pytest

from belle.clean.filters.self_reference import SelfReference
from factories import conversation

from .see_one import see_one


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("作为一个人工智能语言模型，我无法预测未来。", "作为一个人工智能语言模型"),
        ("作为AI语言模型，我没有个人喜好。", "作为AI语言模型"),
        ("作为一款AI助手，我建议您咨询医生。", "作为一款AI助手"),
        ("作为人工智能，我没有感情。", "作为人工智能，"),
        ("您好！我是一个由OpenAI训练的大型语言模型。", "我是一个由OpenAI训练的大型语言模型"),
        ("抱歉，我只是一个AI程序。", "我只是一个AI程序"),
        ("我是ChatGPT，很高兴认识你。", "我是ChatGPT，"),
        ("我是由OpenAI开发的。", "我是由OpenAI开发"),
        ("I was developed by OpenAI.", "I was developed by OpenAI"),
        ("As an AI language model, I don't have feelings.", "As an AI language model,"),
        ("Well, as an artificial intelligence, I cannot taste food.", "as an artificial intelligence,"),
        ("I'm just an AI, so I can't eat.", "I'm just an AI,"),
        ("I am a large language model trained by OpenAI.", "I am a large language model trained"),
    ],
)
def test_an_answer_that_calls_itself_an_ai_is_seen(answer, seen):
    assert see_one(SelfReference(), conversation("你是谁？", answer)) == seen


@pytest.mark.parametrize(
    "answer",
    [
        "人工智能是计算机科学的一个分支。",
        "作为人工智能的一个子领域，机器学习研究如何从数据中学习。",
        "作为一名人工智能工程师，我负责训练语言模型。",
        "我是一名人工智能专家。",
        "GPT-3 是 OpenAI 发布的语言模型。",
        "ChatGPT 是由 OpenAI 开发的聊天机器人。",
        "ChatGPT is a chatbot developed by OpenAI.",
        "聊天机器人可以作为客服使用。",
        "作为公司的经理，我很高兴向您介绍我们的智能助手。",
        "She works as an AI engineer at a large company.",
        "A language model predicts the next word.",
    ],
)
def test_texts_about_ai_are_kept(answer):
    assert see_one(SelfReference(), conversation("解释人工智能", answer)) is None


def test_the_user_may_speak_of_an_ai():
    assert see_one(SelfReference(), conversation("作为一个人工智能语言模型，你能做什么？", "很多事。")) is None
