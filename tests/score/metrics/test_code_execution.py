import pytest

from belle.errors import UserError
from belle.sandbox.run import check_sandbox
from belle.score.metrics import code_execution
from belle.score.metrics.code_execution import score

TESTS = "assert double(2) == 4\nassert double(0) == 0"


@pytest.fixture(scope="module")
def sandbox():
    try:
        check_sandbox()
    except UserError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("def double(x):\n    return 2 * x", 1.0),
        ("好的：\n```python\ndef double(x):\n    return 2 * x\n```\n运行：\n```\ndouble(3)\n```\n完。", 1.0),
        ("```python\ndef double(x):\n    return 2 * x\n\nif __name__ == '__main__':\n    print(input())\n```", 1.0),
        ("def double(x):\n    return x + 2", 0.0),
        ("def double(x):\nreturn 2 * x", 0.0),
        ("```\nimport sys\nsys.exit(0)\n```", 0.0),
        ("不知道", 0.0),
    ],
)
def test_code_that_passes_the_assertions_is_right(sandbox, answer, expected):
    assert score(answer, TESTS) == expected


def test_what_a_reference_defines_is_not_tested_in_its_place(sandbox):
    reference = f"```python\nimport math\ndef double(x):\n    return 2 * x\n\n{TESTS}\nassert math.pi > 3\n```"
    assert score("def double(x):\n    return 2 * x", reference) == 1.0
    assert score("def other(x):\n    return 2 * x", reference) == 0.0


@pytest.mark.parametrize(
    "reference", ["", "print(1)", "这个函数把一个数翻倍。", "def f():\n    assert True", "assert ("]
)
def test_a_reference_without_assertions_is_unscored(reference, monkeypatch):
    monkeypatch.setattr(code_execution, "run_python", None)
    assert score("x = 1", reference) is None


def test_an_empty_answer_is_wrong_and_does_not_run(monkeypatch):
    monkeypatch.setattr(code_execution, "run_python", None)
    assert score("", "assert True") == score("```\n\n```", "assert True") == 0.0
