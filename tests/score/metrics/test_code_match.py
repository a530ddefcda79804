import pytest

from belle.score.metrics.code_match import program, score

LOOP = "for i in range(3):\n    print(i)"


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("Print(1)", "print(1)"),
        ("print（1）", "print(1)"),
        ("X = 5", "x = 5"),
        ("true", "True"),
        ("x=5", "x = 5"),
        ("x  = 5", "x = 5"),
        ("print(1);", "print(1)"),
        ("for i in range(3):\n  print(i)", LOOP),
        ("for i in range(3):\n\n    print(i)", LOOP),
        (" print(1)", "print(1)"),
        ("好的：\n```python\nprint(1)\n```", "print(1)"),
        ("```python\nprint(1)\n```\n这段代码打印1。", "print(1)"),
        ("```\nprint(1)\n```\n```\nprint(2)\n```", "print(1)\nprint(2)"),
        ("for i in range(3):\n\tprint(i)", LOOP),
        ("print(1)", "print( 1)"),
        ("print(1)\u200b", "print(1)"),
        ("", "print(1)"),
    ],
)
def test_case_width_and_white_space_within_code_count(answer, reference):
    assert score(answer, reference) == 0.0


@pytest.mark.parametrize(
    "answer",
    [
        LOOP,
        "\n\n" + LOOP + "\n\n",
        LOOP.replace("\n", "  \r\n") + "\t",
        f"```python\n{LOOP}\n```",
        f"\n```\n\n{LOOP}  \n\n```\n",
        f"```Python 3\n{LOOP}\n  ```  ",
        f"```py\r\n{LOOP}\r\n```\r\n",
        f"```\n{LOOP}",
        f"```python\n{LOOP}\n",
    ],
)
def test_a_fence_and_white_space_around_code_do_not(answer):
    assert score(answer, LOOP) == score(LOOP, answer) == 1.0


@pytest.mark.parametrize("reference", ["", " \n", "```\n\n```"])
def test_an_empty_reference_is_unscored(reference):
    assert score("x", reference) is None


def test_backticks_within_code_are_no_fence():
    assert program("s = '```'") == "s = '```'"
