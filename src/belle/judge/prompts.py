"""What a judge is asked about an answer.

The message is the one that BELLE's page assembled (eval/ChatGPT_Score.html, commit 645084d), blanks included: with the
reference the blank stands inside the quotation mark, without it before the mark. The page took answers from an input
field of one line; here they keep their line breaks.
"""

from collections.abc import Iterable, Mapping

from belle.data.judge_prompts import prompt_problems
from belle.errors import UserError
from belle.evaluate.answers import Answer

UNREFERENCED = ("generation", "brainstorming", "rewrite")
"""Categories whose answers are graded without a reference, those of BELLE's 39 translations in `rewrite` too."""
CLOSING = "请针对模型回答给出得分，顺便给出理由："
JSON_FORM = '{"reason": "理由", "score": 分数}'
JSON_CLOSING = f"\n请只输出一个 JSON 对象，形式为 {JSON_FORM}，分数是 0 到 1 之间的数。"
"""Replaces the form that the prompt asks for, when `output` is `json`."""
AGAIN_CLOSING = (
    f"\n注意：不要复述题目和模型回答，只给一个最终分数，是 0 到 1 之间的数。只输出一个 JSON 对象，形式为 {JSON_FORM}，"
    "理由不超过五十个字，JSON 之外不要输出任何内容。"
)
"""Ends the sharper request. JSON even if the prompt asks for a line: an answer that plants a line has planted none."""
SCHEMA = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "score": {"type": "number"}},
    "required": ["reason", "score"],
    "additionalProperties": False,
}
"""The reason first: it is written before the score, and the score follows from it."""
REPAIR = "correct the file that judge_prompts names in the profile of the evaluation set"


def grading_message(prompt: str, category: str, question: str, reference: str | None, answer: str) -> str:
    """Return what BELLE's page sent for an answer; nothing in its parts is looked at.

    Args:
        prompt: of the category.
        category: in NFKC, case-folded.
        question: as the model was asked.
        reference: shown unless it is None or the category is one of `UNREFERENCED`.
        answer: of the model.
    """
    if reference is None or category in UNREFERENCED:
        return f"{prompt} {question}  模型回答： '{answer}'。{CLOSING}"
    return f"{prompt} {question} 标准回答:{reference}  模型回答：' {answer}'。{CLOSING}"


def check_prompts(prompts: Mapping[str, str], answers: Iterable[Answer], output: str) -> None:
    """Refuse prompts that are not enough, before anything is sent.

    Raises:
        UserError: a category has no prompt, or its prompt does not ask for `得分` although the reply is read by it.
    """
    problems = prompt_problems(prompts, (answer.category for answer in answers), output)
    if problems:
        raise UserError("\n".join(f"data/eval/judge_prompts.json: {problem}; {REPAIR}" for problem in problems))
