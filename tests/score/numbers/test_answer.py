from fractions import Fraction

import pytest

from belle.score.numbers.answer import answer_number

# sentences in the forms that references of BELLE's evaluation set have
FORMS = [
    ("6 × 7 = 42\n因此，该算式的答案为42。", 42),
    ("答案为总人数为59。", 59),
    ("这个问题的答案是8个水果。", 8),
    ("答案：这些布能做36套童装。", 36),
    ("答案：3台机器3天要用油891千克。", 891),
    ("答：还剩下64张．", 64),
    ("答：大船租了3条，小船租了5条．", 3),
    ("答案：6束，剩余16枝花。\n另外，如果余数不为0，就要把余数加回去。", 6),
    ("答：甲班有42人．\n分析：甲班比乙班多3×2+1=7人，可知甲班是乙班的一份。", 42),
    ("综上所述，57个皮球能装19个盒子，不会有剩余。", 19),
    ("因此，每天要做110套，才能在6天内做完剩下的660套。", 110),
    ("需要向上取整，所以需要9节车厢才能装完500吨货物。", 9),
    ("所以妈妈付出39元来买6千克苹果和6千克香蕉。", 39),
    ("所以需要2000块方砖来覆盖720平方米的地板。\n5. 最后，铺好即可。", 2000),
    ("因此，甲的速度是乙的百分之 75，即甲比乙慢 25%。", Fraction(3, 4)),
    ("因此，西红柿占这块地的1/8。", Fraction(1, 8)),
    ("因此，含盐率是0.20或20%。", Fraction(1, 5)),
    ("因此，可以得到66.5元利息，一共可以取回2066.5元。", Fraction("2066.5")),
    ("因此，应缴税96万元。", 960_000),
    ("费用为6,096元。", 6096),
    ("因此，每棵的价格是：\n48 ÷ 4 = 12 元\n也就是说，每棵便宜 16 - 12 = 4 元。", 4),
    ("数量为：34 + 28 = 62。\n步骤：\n1. 将两个数相加。\n2. 再检查结果。", 62),
    ("所以1份是26÷2=13（千克），原来有13+7=20（千克）。\n20", 20),
    ("第四天应该从324+1=325页读起", 325),
    ("一共花费：\n10升 × 1.5元/升 = 15元。", 15),
    ("因此，体积是60立方厘米。", 60),
]


@pytest.mark.parametrize(("text", "number"), FORMS)
def test_the_answer_is_found_in_a_worked_solution(text, number):
    assert answer_number(text) == (number, "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("So the answer is 5. I used 3 steps.", 5),
        ("Therefore, x = 12", 12),
        ("Add 3 and 4.\n#### 1,200", 1200),
        (r"\boxed{3}, no, \boxed{\frac{1}{2}} in 2 steps", Fraction(1, 2)),
        ("答案：**42**", 42),
        ("最终答案是：7", 7),
        ("之所以是5，是因为2+3=5，再加1得6", 6),
        ("回答：先看3，再看4", 4),
        ("12", 12),
        ("3 apples and 4 pears", 4),
        ("因此没有数字。一共 7 个", 7),
        ("故共有12人，每组3人", 12),
        ("故事里有5人，事故后还剩3人", 3),
        ("最终结果是12。以上用了3步", 12),
        ("结果是12。再加3得15", 15),
        ("所以小明12岁（小红10岁，小李9岁", 12),
        ("所以小明12岁（小红10岁）（小李9岁）", 12),
        ("所以需要9才能装完500", 9),
        ("#### 5 apples\n3 checks passed", 5),
        ("答案是(5)", 5),
        ("先有3个（见下\n又来了5个，得8", 8),
        ("共有5人（3男\n2女）", 2),
        (r"答案是 \(5\) 个（共3步）", 5),
        ("答案：\n1. 5个\n2. 再检查", 5),
        ("温度是零下5度", -5),
    ],
)
def test_other_ways_to_conclude(text, number):
    assert answer_number(text) == (number, "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("还剩一个苹果", 1),
        ("卖了三十本", 30),
        ("有两只", 2),
        ("答案是五。", 5),
        ("一共三十二个，统一装箱", 32),
        ("3个，这是一个奇数", 3),
    ],
)
def test_chinese_numerals_count_where_they_are_numbers(text, number):
    assert answer_number(text) == (number, "")


@pytest.mark.parametrize(
    "text", ["", "m2", "第三名", "获第三十名", "一起去", "十分好", "统一", "这是一个问题", "四边形"]
)
def test_words_are_no_numbers(text):
    assert answer_number(text) is None


def test_a_long_text_of_conclusions_is_read_once():
    assert answer_number("因此" * 5000) is None
