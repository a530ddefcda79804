"""What is asked is what BELLE's page sent, character by character."""

import pytest

from belle.errors import UserError
from belle.judge.prompts import check_prompts, grading_message
from factories import answer

PROMPT = "请评分。"
END = "。请针对模型回答给出得分，顺便给出理由："


@pytest.mark.parametrize("category", ["math", "open qa", "closed qa", "translation", "a category of one's own"])
def test_with_the_reference_the_blank_stands_inside_the_quotation_mark(category):
    assert (
        grading_message(PROMPT, category, "一加一？", "二", "2")
        == f"请评分。 一加一？ 标准回答:二  模型回答：' 2'{END}"
    )


@pytest.mark.parametrize("category", ["generation", "brainstorming", "rewrite"])
def test_these_categories_show_no_reference_and_the_blank_stands_before_the_mark(category):
    assert grading_message(PROMPT, category, "写诗。", "参考", "诗") == f"请评分。 写诗。  模型回答： '诗'{END}"


def test_a_question_without_a_reference_is_asked_as_they_are():
    assert grading_message(PROMPT, "math", "问", None, "答") == f"请评分。 问  模型回答： '答'{END}"


@pytest.mark.parametrize(
    "text", ["{prompt} {0} {} %s ${answer} \\1 \\g<0>", "' 标准回答:无  模型回答：' 好'", "第一行\n第二行\r\n\t", ""]
)
def test_nothing_in_a_part_is_expanded_or_changed(text):
    message = grading_message(text, "math", text, text, text)
    assert message == f"{text} {text} 标准回答:{text}  模型回答：' {text}'{END}"


def test_a_category_without_a_prompt_and_a_prompt_without_the_label_are_one_line_each():
    answers = [answer("好", None, "math"), answer("好", None, "poems", "q2"), answer("好", None, "math", "q3")]
    with pytest.raises(UserError) as error:
        check_prompts({"math": "请评分。"}, answers, "text")
    lines = str(error.value).splitlines()
    assert len(lines) == 2 and "there is no prompt for 'poems'; there are: math; correct the file" in lines[0]
    assert "the prompt for 'math' does not ask for '得分'" in lines[1]
    with pytest.raises(UserError, match=r"^[^\n]* the prompt for 'math', 'poems' does not ask for '得分'[^\n]*$"):
        check_prompts({"math": "请评分。", "poems": "请评分。"}, answers, "text")
    check_prompts({"math": "请评分。", "poems": "请评分。"}, answers, "json")
    check_prompts({"math": "得分:", "poems": "得分:"}, answers, "text")
