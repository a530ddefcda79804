"""Made-up data that try to break the page: names that JavaScript knows, and texts that no model should write."""

from dataclasses import replace

from belle.report.page_data.page import PageData
from belle.report.page_data.systems import Category
from belle.score.hashes import rating_hash
from report.made_up import page_data

CATEGORIES = ("__proto__", "constructor", "toString")
TEXTS = (
    "</script><script>document.title = 'harmed'</script>",
    "<!-- <script> --> <img src=x onerror=\"document.title='harmed'\">",
    "\u2028\u2029 line separators",
    "字" * 70_000,
    "`a" * 50_000,
    "مرحبا (123) שלום.",
    "\x00\x01\x1b[31m \u202e reversed",
    " \t\n\u3000 ",
    "",
    "a\r\nb",
)


def hostile_data(systems: int) -> PageData:
    """Return a page with a question for each of `TEXTS`; every system answers with that text and its number of `!`."""
    data = page_data(systems=systems, questions=len(TEXTS))
    questions = tuple(
        replace(one, id=f"{category} {place} & <", category=category, question=TEXTS[place])
        for place, one in enumerate(data.questions)
        for category in [CATEGORIES[place % len(CATEGORIES)]]
    )
    answers = tuple(
        tuple(
            replace(answer, text=text + "!" * number, key=rating_hash(question.id, text + "!" * number))
            for answer, text, question in zip(row, TEXTS, questions, strict=True)
        )
        for number, row in enumerate(data.answers)
    )
    found = dict.fromkeys(CATEGORIES, Category(3, 0.5, 0.4, 0.6))
    own = tuple(
        replace(system, scores={by: replace(score, categories=found) for by, score in system.scores.items()})
        for system in data.systems
    )
    return replace(data, categories=CATEGORIES, questions=questions, answers=answers, systems=own)
