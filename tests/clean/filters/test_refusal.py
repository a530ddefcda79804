import pytest

from belle.clean.filters.refusal import Refusal
from factories import conversation

from .see_one import see_one


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("抱歉，我无法提供您的个人信息。", "抱歉，我无法提供"),
        ("很抱歉，作为AI语言模型，我不能直接访问互联网。", "很抱歉，作为AI语言模型，我不能直接访问"),
        ("对不起，我不能回答这个问题。", "对不起，我不能回答"),
        ("我无法预测明天的股价。", "我无法预测"),
        ("作为人工智能，我没有办法播放音乐。", "作为人工智能，我没有办法播放"),
        ("GPT 模型无法完成此类指令。", "GPT 模型无法完成"),
        ("无法执行此任务，因为它需要视觉创意输出。", "无法执行此任务"),
        ("该指令不能由 GPT 模型完成。", "该指令不能由"),
        ("&lt;nooutput&gt;", "&lt;nooutput"),
        ("<无输出>", "<无输出"),
        ("无法回答。", "无法回答。"),
        ("对不起，我不知道。", "对不起，我不知道。"),
        ("我不知道答案。", "我不知道答案。"),
        ("Sorry, I don't know.", "Sorry, I don't know."),
        ("I'm sorry, but I can't assist with that request.", "I'm sorry, but I can't assist"),
        ("I cannot provide medical advice.", "I cannot provide"),
        ("As an AI language model, I am unable to browse the web.", "As an AI language model, I am unable to browse"),
    ],
)
def test_an_answer_that_begins_by_refusing_is_seen(answer, seen):
    assert see_one(Refusal(), conversation("请回答", answer)) == seen
    assert see_one(Refusal(), conversation("问", "答", "请回答", answer)) == seen


@pytest.mark.parametrize(
    "answer",
    [
        "很抱歉您对所购商品不满意。我们会全额退款。",
        "抱歉，我有一个意外的约会，必须参加。",
        "亲爱的小明：\n对不起，我不能参加你的生日聚会。",
        "无法在两部手机之间做出选择？看看这篇评测。",
        "他无法完成任务，因为时间不够。",
        "我不会推荐这家餐厅，菜太咸了。",
        "我不能支持这个提议，理由有三点。",
        "GPT 模型的局限：一、语言模型无法理解因果关系。",
        "不可再生能源是指无法补充的能源。",
        "我认为人工智能有很大的潜力。",
        "“对不起”的英文是 sorry。",
        "Sorry is an apology. I cannot help but wonder why.",
        "无",
        "我不知道。",
        "对不起，我不知道你今天会来，所以没有准备晚饭。",
    ],
)
def test_other_answers_are_kept(answer):
    assert see_one(Refusal(), conversation("请回答", answer)) is None


def test_a_user_may_refuse():
    assert see_one(Refusal(), conversation("抱歉，我无法提供更多信息。", "没关系。")) is None
