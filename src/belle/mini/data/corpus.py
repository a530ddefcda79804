"""The pre-training corpus: plain statements about the little world, never an instruction or a question."""

from collections.abc import Callable, Iterator
from random import Random

from belle.mini.data.knowledge import RELATIONS
from belle.mini.data.lexicon import (
    CITIES,
    GOALS,
    GOODS,
    HOBBIES,
    JOBS,
    KIND_ENGLISH,
    PEOPLE,
    SHOPS,
    THINGS,
    TIMES,
    TOPICS,
)
from belle.mini.data.math_code_translation import FUNCTIONS, VARIABLES, counted, parallel_sentence
from belle.mini.data.sample import is_held_out, one_of

Passage = Callable[[Random], str]
"""Writes one short passage."""


def _facts(random: Random) -> str:
    """A few facts, told in different ways."""
    relation = RELATIONS[random.choice(tuple(RELATIONS))]
    chosen = random.sample(tuple(relation.pairs), 4)
    return "".join(random.choice(relation.statements).format(x=x, y=relation.pairs[x]) for x in chosen)


def _kinds(random: Random) -> str:
    """What belongs to a kind of thing."""
    kind = random.choice(tuple(KIND_ENGLISH))
    members = [thing.name for thing in THINGS if thing.kind == kind]
    some = random.sample(members, 3)
    return f"{kind}有{'、'.join(some)}。" + "".join(f"{name}是{kind}。" for name in random.sample(members, 3))


def _dictionary(random: Random) -> str:
    """Words in two languages."""
    return "，".join(f"{thing.name} {thing.english}" for thing in random.sample(THINGS, 6)) + "。"


def _parallel(random: Random) -> str:
    """The same sentences in two languages."""
    return "".join(f"{chinese}{english}" for chinese, english in (parallel_sentence(random) for _ in range(2)))


def _sums(random: Random) -> str:
    """Sums and differences whose operands are not held out for evaluation."""
    told: list[str] = []
    while len(told) < 4:
        a, b = random.randint(1, 20), random.randint(1, 20)
        big, small = max(a, b), min(a, b)
        if not is_held_out(f"{a}加{b}"):
            told.append(one_of(random, f"{a}加{b}得{a + b}。", f"{a}+{b}={a + b}。"))
        if not is_held_out(f"{big}减{small}"):
            told.append(one_of(random, f"{big}减{small}得{big - small}。", f"{big}-{small}={big - small}。"))
    return "".join(told)


def _counting(random: Random) -> str:
    """Numbers in order."""
    first = random.randint(0, 85)
    return "、".join(map(str, range(first, first + 12))) + "。"


def _possessions(random: Random) -> str:
    """Who has what, told twice: practice in looking back."""
    people, things = random.sample(PEOPLE, 3), random.sample(THINGS, 3)
    pairs = list(zip(people, things, strict=True))
    told = "，".join(f"{who}有一{thing.measure}{thing.name}" for who, thing in pairs)
    again = "，".join(f"{thing.name}是{who}的" for who, thing in random.sample(pairs, 3))
    return f"{told}。{again}。"


def _echo(random: Random) -> str:
    """Someone repeats what another one says: practice in copying."""
    one, two = random.sample(PEOPLE, 2)
    pool = (*(thing.name for thing in THINGS), *PEOPLE, *CITIES, *HOBBIES, *JOBS, *TIMES, *map(str, range(10, 100)))
    words = "、".join(random.sample(pool, 6))
    return f"{one}说：{words}。{two}也说：{words}。"


def _life(random: Random) -> str:
    """A person, and again point by point."""
    who, city, job, hobby = (random.choice(words) for words in (PEOPLE, CITIES, JOBS, HOBBIES))
    age, number = random.randint(10, 80), "".join(random.choices("0123456789", k=5))
    told = f"{who}今年{age}岁，住在{city}，电话是{number}，是一名喜欢{hobby}的{job}。"
    points = [
        f"人名是{who}",
        f"年龄是{age}岁",
        f"城市是{city}",
        f"电话号码是{number}",
        f"爱好是{hobby}",
        f"工作是{job}",
    ]
    return f"{told}{'，'.join(random.sample(points, 4))}。"


def _event(random: Random) -> str:
    """Something bought, and again point by point."""
    who, when, where = random.choice(PEOPLE), random.choice(TIMES), random.choice(CITIES + SHOPS)
    thing = random.choice(GOODS)
    told = f"{when}{who}在{where}买了{counted(random, thing)}。"
    points = [f"人名是{who}", f"时间是{when}", f"地点是{where}", f"物品是{thing.name}"]
    return f"{told}{'，'.join(random.sample(points, 4))}。"


def _outing(random: Random) -> str:
    """A day out, and again in short."""
    who, when, place = random.choice(PEOPLE), random.choice(TIMES), random.choice(tuple(TOPICS))
    deed = random.choice(TOPICS[place].split("、"))
    return f"{when}天气很好，{who}去了{place}，在那里{deed}，晚上才回家。总之，{who}去{place}{deed}。"


def _voices(random: Random) -> str:
    """One event told in three ways."""
    who, thing, verb = (
        random.choice(PEOPLE),
        random.choice(GOODS),
        one_of(random, "买走", "拿走", "弄丢", "找到", "卖掉"),
    )
    return f"{who}{verb}了{thing.name}。{thing.name}被{who}{verb}了。{who}把{thing.name}{verb}了。"


def _habits(random: Random) -> str:
    """What one can do at a place, and how to reach an aim."""
    place, goal = random.choice(tuple(TOPICS)), random.choice(tuple(GOALS))
    return f"人们在{place}{TOPICS[place]}。想要{goal}，就要{GOALS[goal]}。"


def _code(random: Random) -> str:
    """Lines of Python and what they mean."""
    name, number, thing = random.choice(VARIABLES), random.randint(1, 99), random.choice(THINGS)
    function, argument = random.choice(FUNCTIONS), random.randint(1, 99)
    return (
        f'变量{name}是{number}：{name} = {number}\n输出{thing.name}：print("{thing.name}")\n'
        f"调用{function}，参数{argument}：{function}({argument})\n"
    )


PASSAGES: dict[Passage, int] = {
    _facts: 4,
    _kinds: 1,
    _dictionary: 1,
    _parallel: 2,
    _sums: 2,
    _counting: 1,
    _possessions: 2,
    _echo: 3,
    _life: 1,
    _event: 2,
    _outing: 1,
    _voices: 2,
    _habits: 1,
    _code: 1,
}
"""Each kind of passage and how often it comes."""


def passages(random: Random, count: int) -> Iterator[str]:
    """Yield so many passages, kinds in turn by their weights."""
    turns = [passage for passage, weight in PASSAGES.items() for _ in range(weight)]
    for number in range(count):
        yield turns[number % len(turns)](random)
