"""A set of BELLE's form in this project's words, answers to it, and judges to ask."""

from functools import partial
from pathlib import Path
from typing import Any

from belle.config.budget import BudgetParams
from belle.config.endpoint import EndpointProfile, ServedModel
from belle.config.judge import JudgmentParams
from belle.config.judging import Judging
from belle.config.prices import prices_of
from belle.data.questions import Question
from belle.endpoints.store import ReplyStore
from belle.evaluate.answers import Answer
from belle.judge.judge import judge_variant
from belle.judge.judgments import Judgment, read_judges, read_judgments
from belle.judge.material import Material
from endpoints.conftest import endpoint
from factories import PARAMS

NO_LIMIT = BudgetParams(tokens=None, money=None)
CATEGORIES = ("open qa", "generation", "math", "closed qa", "rewrite", "code", "summarization", "brainstorming")
WITHOUT = ("generation", "brainstorming")
PROMPTS = {
    name: f'请按{name}的标准评分，满分为1分，最低分为0分。请按照"得分:"这样的形式输出分数。' for name in CATEGORIES
}


def belle_set(count: int) -> list[Question]:
    """Questions as BELLE's: most with a reference, among `rewrite` a part."""
    found = []
    for number in range(count):
        category = CATEGORIES[number % len(CATEGORIES)]
        reference = None if category in WITHOUT or number % 16 == 4 else f"参考回答{number}，内容是{number * 7}。"
        found.append(Question(id=f"q-{number}", question=f"第{number}个问题？", reference=reference, category=category))
    return found


def answers_to(questions: list[Question], **texts: str) -> list[Answer]:
    """An answer to each question; `texts` are those of single ids, `_` for `-`."""
    given = {name.replace("_", "-"): text for name, text in texts.items()}
    return [
        Answer(**one.model_dump(), answer=given.get(one.id, f"模型的回答{one.id}。"), tokens=5, stop="eos")
        for one in questions
    ]


def judging(*names: str, endpoint_name: str = "test", **params: Any) -> Judging:
    """What is asked of one judge, or of two; `params` are those of `evaluate.judge`."""
    profile = endpoint()
    planned = {
        "model": profile.model_dump(include=set(ServedModel.model_fields)),
        "prices": prices_of(profile).model_dump(),
        "structured": profile.structured,
    }
    known = {key: value for key, value in PARAMS["evaluate"]["judge"].items() if key in JudgmentParams.model_fields}
    judges = {name: planned | {"endpoint": f"{endpoint_name}-{name}"} for name in names or ("judge",)}
    return Judging.model_validate({"judges": judges, "params": known | params})


def judged(
    plan: Judging, answers: list[Answer], address: str, folder: Path, out: Path, **changes: Any
) -> tuple[list[Judgment], dict[str, Any]]:
    """Run the judges; return judgments and judges.json. `changes` are those of the endpoint's profile, or `budget`."""
    budget, prompts = changes.pop("budget", NO_LIMIT), changes.pop("prompts", PROMPTS)
    profile: EndpointProfile = endpoint(base_url=address, **changes)
    questions = [Question(**answer.model_dump(include=set(Question.model_fields))) for answer in answers]
    material = Material("unquantized", answers, questions, prompts)
    out.mkdir()
    judge_variant(plan, dict.fromkeys(plan.judges, profile), budget, material, partial(ReplyStore, folder), out)
    return read_judgments(out, {one.id: one.answer for one in answers}), read_judges(out)
