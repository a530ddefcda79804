import pytest

from belle.evaluate.thinking import split_thinking


@pytest.mark.parametrize(
    ("text", "thinking", "answer"),
    [
        ("北京", None, "北京"),
        ("", None, ""),
        ("<think>\n\n</think>\n\n北京", None, "北京"),
        ("<think></think>", None, ""),
        ("\n <think>\n首都？\n</think>\n\n 北京 \n", "首都？", "北京"),
        ("<think>一\n\n二</think>三\n四", "一\n\n二", "三\n四"),
        # cut off while thinking
        ("<think>\n首都是", "首都是", ""),
        ("<think>", None, ""),
        # the template wrote the opening mark
        ("首都？\n</think>\n\n北京", "首都？", "北京"),
        ("</think>北京", None, "北京"),
        # marks inside an answer are text
        ("用 <think> 和 </think> 标记", None, "用 <think> 和 </think> 标记"),
        ("<think>a</think>用 </think> 结束", "a", "用 </think> 结束"),
        ("<think>a <think> b</think>c", "a <think> b", "c"),
        ("<thinking>a</thinking>b", None, "<thinking>a</thinking>b"),
    ],
)
def test_what_a_model_thought_is_apart_from_what_it_answered(text, thinking, answer):
    assert split_thinking(text, is_open=False) == (thinking, answer)


@pytest.mark.parametrize(
    ("text", "thinking", "answer"),
    [
        ("首都？\n</think>\n\n北京", "首都？", "北京"),
        ("\n</think>\n\n北京", None, "北京"),
        # cut off while thinking
        ("首都是", "首都是", ""),
        ("", None, ""),
        ("<think>\n首都？</think>北京", "首都？", "北京"),
        ("<think>\n首都", "首都", ""),
        ("用 <think> 标记</think>北京</think>", "用 <think> 标记", "北京</think>"),
    ],
)
def test_where_the_prompt_opens_the_thinking_all_is_thinking_up_to_its_end(text, thinking, answer):
    assert split_thinking(text, is_open=True) == (thinking, answer)
