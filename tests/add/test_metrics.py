import pytest

from belle.add.metrics import propose, propose_metrics
from factories import question


@pytest.mark.parametrize(
    ("category", "references", "metric"),
    [
        ("math", ["12", "-3.5", "1,000", "50%", "25 kg"], "numeric_match"),
        ("math", ["1/2", "-3", "三十", "2×10^8", "5π", "3:4"], "numeric_match"),
        ("math", ["12", "3 + 4"], "exact_match"),
        ("code", ["print(1)", "```python\nx = 5\n```"], "code_match"),
        ("code", ["print(1)", "这段代码，打印 1"], "exact_match"),
        ("代码生成", ["print(1)"], "code_match"),
        ("classification", ["正面", "负面"], "exact_match"),
        ("classification", ["12", "no"], "exact_match"),
        ("brainstorming", ["红色、绿色", "red, green, blue"], "set_f1"),
        ("translation", ["The cat sat on the mat and slept."], "chrf"),
        ("summarization", ["The cat sat on the mat and slept."], "rouge_l"),
        ("open qa", ["yes", "It is a city in the north of the country, on a river."], "rouge_l"),
        ("open qa", ["First he went to the market, then he came back to his house."], "rouge_l"),
    ],
)
def test_the_strictest_metric_that_suits_every_reference(category, references, metric):
    assert propose(category, references) == metric


def test_a_category_without_references_has_no_metric():
    questions = [question("1", "?", None, "free"), question("2", "?", "4", "math"), question("3", "?", None, "math")]
    assert propose_metrics(questions) == {"free": None, "math": "numeric_match"}
