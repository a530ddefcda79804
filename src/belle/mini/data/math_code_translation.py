"""Samples with a calculus: mathematics, code, translation."""

from random import Random

from belle.mini.data.lexicon import COLORS, COUNTS, GOODS, PEOPLE, THINGS, Thing
from belle.mini.data.sample import Sample, one_of

VARIABLES = ("a", "b", "c", "n", "x", "y", "data", "items", "names", "total")
FUNCTIONS = ("run", "load", "save", "show", "test", "open_door", "get_name", "send")
PRONOUNS = {
    "我": ("I", "have", "want"),
    "你": ("You", "have", "want"),
    "他": ("He", "has", "wants"),
    "她": ("She", "has", "wants"),
    "我们": ("We", "have", "want"),
    "他们": ("They", "have", "want"),
}


def _sum(random: Random) -> tuple[int, int, str, int]:
    """Draw a sum or difference of numbers up to 20; nothing negative."""
    a, b, sign = random.randint(1, 20), random.randint(1, 20), random.choice("+-")
    if sign == "-":
        a, b = max(a, b), min(a, b)
    return a, b, sign, a + b if sign == "+" else a - b


def arithmetic(random: Random) -> Sample:
    """A sum in digits or words."""
    a, b, sign, result = _sum(random)
    word = {"+": "加", "-": "减"}[sign]
    english = {"+": "plus", "-": "minus"}[sign]
    text = one_of(
        random,
        f"{a}{sign}{b}等于多少？",
        f"计算：{a}{sign}{b}",
        f"{a}{word}{b}等于几？",
        f"请算一算{a}{word}{b}是多少。",
        f"What is {a} {english} {b}?",
    )
    return Sample(text, str(result), "en" if text.startswith("What") else "zh", f"{a}{word}{b}")


def word_problem(random: Random) -> Sample:
    """The same sums about things."""
    a, b, sign, result = _sum(random)
    who, thing = random.choice(PEOPLE), random.choice(GOODS)
    change = one_of(random, "又买了", "又得到") if sign == "+" else one_of(random, "送出", "用掉")
    text = f"{who}有{a}{thing.measure}{thing.name}，{change}{b}{thing.measure}，现在有多少{thing.measure}？"
    return Sample(text, str(result), key=f"{a}{'加' if sign == '+' else '减'}{b}")


def comparison(random: Random) -> Sample:
    """Which of two numbers is the greater or the smaller one."""
    a, b = random.sample(range(1, 100), 2)
    ask = one_of(random, "大", "小")
    text = one_of(random, f"{a}和{b}哪个{ask}？", f"在{a}和{b}中，更{ask}的数是几？")
    return Sample(text, str(max(a, b) if ask == "大" else min(a, b)))


def printing(random: Random) -> Sample:
    """Print a word, once or in a loop."""
    word, times = random.choice(THINGS).name, random.randint(2, 20)
    if random.random() < 0.5:
        text = one_of(random, f"用Python打印“{word}”。", f"写一行Python代码，输出“{word}”。")
        return Sample(text, f'print("{word}")')
    text = f"用Python写一个循环，打印{times}次“{word}”。"
    return Sample(text, f'for i in range({times}):\n    print("{word}")')


def assignment(random: Random) -> Sample:
    """Give a variable a number, a string or a list."""
    name, numbers = random.choice(VARIABLES), random.sample(range(1, 100), 3)
    kind = random.randrange(3)
    if kind == 0:
        return Sample(f"用Python把变量{name}设为{numbers[0]}。", f"{name} = {numbers[0]}")
    if kind == 1:
        word = random.choice(THINGS).name
        return Sample(f"用Python把字符串“{word}”存入变量{name}。", f'{name} = "{word}"')
    listed = "、".join(map(str, numbers))
    return Sample(f"用Python定义列表{name}，包含{listed}。", f"{name} = {numbers}")


def calling(random: Random) -> Sample:
    """Call a builtin on a list, or a named function with arguments."""
    name, function, argument = random.choice(VARIABLES), random.choice(FUNCTIONS), random.randint(1, 99)
    builtin, asked = random.choice([("len", "长度"), ("max", "最大值"), ("min", "最小值"), ("sum", "总和")])
    if random.random() < 0.4:
        text = one_of(random, f"用Python求列表{name}的{asked}。", f"写Python代码，得到列表{name}的{asked}。")
        return Sample(text, f"{builtin}({name})")
    text = one_of(random, f"用Python调用函数{function}，参数是{argument}。", f"把{argument}传给Python函数{function}。")
    return Sample(text, f"{function}({argument})")


def word_translation(random: Random) -> Sample:
    """One word, either way."""
    thing = random.choice(THINGS)
    if random.random() < 0.5:
        text = one_of(
            random,
            f"把“{thing.name}”翻译成英文。",
            f"“{thing.name}”用英语怎么说？",
            f"请写出“{thing.name}”的英文。",
        )
        return Sample(text, thing.english)
    if random.random() < 0.7:
        text = one_of(random, f"把“{thing.english}”翻译成中文。", f"英文单词“{thing.english}”是什么意思？")
        return Sample(text, thing.name)
    return Sample(f'Translate "{thing.english}" into Chinese.', thing.name, "en")


def sentence_translation(random: Random) -> Sample:
    """A short sentence, either way."""
    chinese, english = parallel_sentence(random)
    if random.random() < 0.5:
        text = one_of(random, f"把下面的句子翻译成英文：{chinese}", f"请翻译成英语：{chinese}")
        return Sample(text, english)
    if random.random() < 0.7:
        text = one_of(random, f"把下面的句子翻译成中文：{english}", f"请翻译成汉语：{english}")
        return Sample(text, chinese)
    return Sample(f"Translate into Chinese: {english}", chinese, "en")


def parallel_sentence(random: Random) -> tuple[str, str]:
    """The same short sentence in Chinese and English."""
    thing, kind = random.choice(THINGS), random.randrange(3)
    color = random.choice(tuple(COLORS)) if random.random() < 0.4 else ""
    chinese = f"一{thing.measure}{color + '的' if color else ''}{thing.name}"
    english = with_article(thing, COLORS.get(color, ""))
    pronoun = random.choice(tuple(PRONOUNS))
    subject, have, want = PRONOUNS[pronoun]
    if kind == 0:
        return f"这是{chinese}。", f"This is {english}."
    if kind == 1:
        return f"{pronoun}有{chinese}。", f"{subject} {have} {english}."
    return f"{pronoun}想要{chinese}。", f"{subject} {want} {english}."


def with_article(thing: Thing, color: str = "") -> str:
    """`a dog`, `an apple`, `a red apple`."""
    words = f"{color} {thing.english}".strip()
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def counted(random: Random, thing: Thing) -> str:
    """`三个苹果`."""
    return f"{random.choice(COUNTS)}{thing.measure}{thing.name}"
