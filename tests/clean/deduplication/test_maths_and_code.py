"""Rows that differ in one sign, operator, number or name are different rows, however much else they share."""

import random
from collections.abc import Callable

import pytest

from .test_duplicates import dropped  # noqa: F401

CONTEXT = (
    "下面是课堂练习里的题目，请先把题目读完，想清楚要用到哪些知识，然后逐步地写出过程，"
    "最后用几句话写出结果，并说明为什么这样做是对的。"
)
ANSWER = (
    "先看清题目里给出的条件，再把它们代入公式，整理以后就能得到结果；"
    "把结果放回题目里检查，发现条件都成立，所以这样做是对的。"
)
TOLD_APART = [
    (
        "写一个Python函数f(a, b)，返回{}",
        "a * b",
        "a / b",
        "a - b",
        "a % b",
        "a & b",
        "a ** b",
        "b * a",
        "a or b",
        "a and b",
    ),
    ("求绝对值：{}", "5", "-5", "|5|", "(5)"),
    ("计算{}", "(3)×(4)", "(-3)×(-4)", "3×4", "3:4", "3.4", "34", "3!×4", "3×4!"),
    ("化简：{}", "x*y-z", "x/y*z", "x*y+z", "x*(y-z)", "y*x-z"),
    ("介绍{}", "C", "C#", "C++", "Java"),
    ("温度：{}度", "5", "-5", "五", "三", "零下5"),
    ("讨论计算{}的导数的方法", "a*b", "a/b"),
    ("以下说法{}正确的是哪一个", "", "不"),
    ("求值：a{}b", *"*/-%&\\#!@_[](){}'\".:+<>=^~|$`"),
    ("求值：f({})b", *"*/-%&\\#!@_[]{}'\".:+<>=^~|$`"),
]


@pytest.mark.parametrize("cases", TOLD_APART, ids=[template for template, *_ in TOLD_APART])
@pytest.mark.parametrize("context", ["", CONTEXT])
def test_a_sign_makes_another_row(dropped, cases, context):  # noqa: F811
    template, *values = cases
    assert dropped([(context + template.replace("{}", value), ANSWER) for value in values]) == {}


def test_punctuation_of_an_answer_counts(dropped):  # noqa: F811
    question = "给句子加标点：今天天气真好"
    assert dropped([(question, "今天，天气真好。"), (question, "今天天气真好！"), (question, "今天天气真好!")]) == {}


def number(draw: random.Random) -> str:
    return str(draw.randint(-99, 999))


EXPRESSION = "{0} {1} {2} {3} {4}"
TEMPLATES: dict[str, Callable[[random.Random], list[str]]] = {
    "计算下面的式子，并写出每一步：{0}{1}({2}){3}{4}": lambda draw: operands(draw, "+-×÷*/^"),
    "解方程：{0}x{1}{2}={3}×{4}，写出移项和合并同类项的过程，再把解代回去检验一遍。": lambda draw: operands(draw, "+-"),
    "小明有{0}元，买书花了{2}元，又收到{4}元，用算式{0}{1}{2}{3}{4}表示，现在有多少元？": lambda draw: operands(
        draw, "+-"
    ),
    "def compute(a, b):\n    total = a {1} {0}\n    return b if total {3} {2} else total - {4}": lambda draw: operands(
        draw, ["+", "-", "*", "/", "%", "//", "**", "&", "|", "<<", ">>"], ["<", ">", "<=", ">=", "==", "!="]
    ),
    'for (int i = {0}; i < {2}; i++) {{\n    sum = sum {1} i {3} {4};\n}}\nprintf("%d", sum);': lambda draw: operands(
        draw, "+-*/%&|^"
    ),
    "SELECT name FROM students WHERE score {1} {0} AND age {3} {2} ORDER BY score LIMIT {4}": lambda draw: operands(
        draw, ["<", ">", "=", "<=", ">=", "<>"]
    ),
    "Compute {0} {1} {2} {3} {4} and explain every step in plain words so that a child can follow it.": lambda draw: (
        operands(draw, "+-*/")
    ),
}


def operands(draw, *operators):
    return [number(draw), draw.choice(operators[0]), number(draw), draw.choice(operators[-1]), number(draw)]


def pair(draw: random.Random) -> list[tuple[str, str]]:
    """Two rows that differ in one number, sign or operator, in the question or in the answer."""
    template, values = draw.choice(list(TEMPLATES.items()))
    one = values(draw)
    at = draw.randrange(5)
    other = list(one)
    while other[at] == one[at]:
        other[at] = (
            draw.choice([values(draw)[at], one[at].removeprefix("-"), f"-{one[at]}"])
            if at % 2 == 0
            else values(draw)[at]
        )
    expressions = [template.format(*one), template.format(*other)]
    context, answer = draw.choice(["", CONTEXT]), draw.choice(["", ANSWER])
    if draw.random() < 0.5:
        return [(context + text, answer + "见上。") for text in expressions]
    return [(context + "照着例子写一个", answer + text) for text in expressions]


def test_none_of_2000_pairs_that_differ_in_one_place_is_dropped(dropped):  # noqa: F811
    draw = random.Random(7)
    rows = list(dict.fromkeys(row for _ in range(2000) for row in pair(draw)))
    assert len(rows) > 3900
    assert dropped(rows) == {}
