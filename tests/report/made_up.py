"""Made-up data for the page: systems, questions, scores and judgments that depend on their number alone."""

import random

from belle.report.page_data.comparisons import Agreement, Difference
from belle.report.page_data.page import Note, PageData
from belle.report.page_data.questions import Answer, Judgment, Question
from belle.report.page_data.systems import Category, Score, System
from belle.score.hashes import rating_hash

CATEGORIES = ("math", "code", "classification", "open qa", "closed qa", "generation", "brainstorming", "rewrite")
HARMFUL = "</script><img src=x onerror=\"document.title='harmed'\"><!-- \u2028 & <b>"
WORDS = [
    "今天",
    "天气",
    "很好",
    "我们",
    "一起",
    "去",
    "公园",
    "散步",
    "学习",
    "数学",
    "苹果",
    "是",
    "红色",
    "的",
    "。",
    "，",
    "因为",
    "所以",
    "大家",
    "喜欢",
    "print('猫')",
    "42",
]


def page_data(
    systems: int = 3, questions: int = 60, words: int = 20, prompt: str = "请评分。", seed: int = 0
) -> PageData:
    """Return data with every kind of case: unscored, equal, flagged and harmful answers, judges that disagree."""
    choice = random.Random(seed)
    asked = tuple(_question(number) for number in range(questions))
    answers = tuple(
        tuple(_answer(one, system, number, words, choice) for number, one in enumerate(asked))
        for system in range(systems)
    )
    judgments = tuple(tuple(_judgments(one, prompt) for one in row) for row in answers)
    return PageData(
        title="Made-up systems",
        scorers=("metrics", "judge", "human:anna"),
        categories=CATEGORIES,
        systems=tuple(_system(number, asked, row) for number, row in enumerate(answers)),
        questions=asked,
        answers=answers,
        judgments=judgments,
        differences=tuple(_difference(one, category) for one in range(1, systems) for category in (None, *CATEGORIES)),
        agreements=(
            Agreement("judge", "human:anna", None, 40, 0.71, 0.6, 0.8, 0.68, None, -0.04, 0.12),
            Agreement("human:anna", None, 0, 3, 0.9, None, None, 0.68, None, -0.04, 0.12),
        ),
        notes=(Note("noteSeeds"),),
        warnings={"metrics": ("made-up: scores of other params",), "judge": ()},
    )


def _question(number: int) -> Question:
    text = f"第{number}题：阅读短文并回答问题。{'苹果是什么颜色？' * (number % 3 + 1)}"
    return Question(
        f"q{number}", CATEGORIES[number % len(CATEGORIES)], text, None if number % 7 == 6 else f"参考答案 {number}"
    )


def _difference(system: int, category: str | None) -> Difference:
    estimate = 0.012 * system - 0.02
    interval = estimate - 0.03, estimate + 0.03
    verdict = (False, None) if system == 2 else (True, 0.01)
    return Difference(system, "metrics", category, estimate, *interval, 0.4, 12, 40, 8, 60, 0.045, *verdict)


def _answer(question: Question, system: int, number: int, words: int, choice: random.Random) -> Answer:
    text = "".join(choice.choices(WORDS, k=choice.randint(1, words)))
    if number % 5 == 0:
        text = f"大家都一样的回答 {number}"
    if number == 1:
        text = f"{HARMFUL}{system}"
    flags = [
        name
        for name, period in (("contaminated", 17), ("repetitive", 13), ("truncated", 11))
        if (number + system) % period == 3
    ]
    judge = choice.randint(0, 10) / 10
    scores = {"metrics": None if number % 9 == 4 else float(choice.random() < 0.6 + 0.1 * system), "judge": judge}
    if number < 20:
        scores["human:anna"] = round(max(0.0, judge - 0.1), 1)
    thinking = "先想一想。" if number == 2 else None
    return Answer(rating_hash(question.id, text), text, thinking, len(text), flags, scores)


def _judgments(answer: Answer, prompt: str) -> tuple[Judgment, ...]:
    score = answer.scores["judge"]
    reply = f"得分：{score}\n理由：😀 回答基本正确。"
    asked, span = (f"{prompt}\n", 2), (3, 3 + len(str(score)))
    repeat = Judgment("judge", 1, 0, asked, None, None, "no_reply", None, None)
    return Judgment("judge", 0, 0, asked, reply, score, None, "line", span), repeat


def _system(number: int, questions: tuple[Question, ...], answers: tuple[Answer, ...]) -> System:
    mean = 0.55 + 0.08 * number
    categories = {name: Category(36, mean, mean - 0.1, min(mean + 0.1, 1.0)) for name in CATEGORIES}
    scores = {
        scorer: Score(mean, mean - 0.03, mean + 0.03, len(answers) - 7, {"no_score": 7}, categories)
        for scorer in ("metrics", "judge", "human:anna")
    }
    return System(
        label=f"实验-system-{number}",
        revision=f"abc{number}def",
        variant="unquantized",
        scores=scores,
        shares={"truncated": 0.05, "repetitive": 0.02, "empty": 0.0},
        size_mb=6.3 / (number + 1),
        times={"train_seconds": 120.0 + 10 * number, "answers_per_second": 400.0 - 30 * number},
        params={"train.method": "lora" if number % 2 else "ft"},
        judges={"judge": {"model": "made-up-2026-01-01", "finish_reasons": {"stop": 60}}},
    )
