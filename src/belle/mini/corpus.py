"""The pre-training corpus: plain statements about the little world, never an instruction or a question."""

from collections.abc import Callable, Iterator
from random import Random

from belle.mini.exercise import is_held_out, one_of
from belle.mini.formal import VARIABLES, counted, parallel_sentence
from belle.mini.knowledge import RELATIONS
from belle.mini.world import CITIES, GOALS, GOODS, HOBBIES, JOBS, KIND_ENGLISH, PEOPLE, SHOPS, THINGS, TIMES, TOPICS

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
    """Someone repeats what another one says."""
    one, two = random.sample(PEOPLE, 2)
    words = "、".join(thing.name for thing in random.sample(THINGS, 4))
    return f"{one}说：{words}。{two}也说：{words}。"


def _life(random: Random) -> str:
    """A person in a few sentences."""
    who, city, job, hobby, shop = (random.choice(w) for w in (PEOPLE, CITIES, JOBS, HOBBIES, SHOPS))
    bought = counted(random, random.choice(GOODS))
    return f"{who}住在{city}，是一名{job}。{who}喜欢{hobby}。{random.choice(TIMES)}{who}在{shop}买了{bought}。"


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
    """Lines of Python."""
    name, number, thing = random.choice(VARIABLES), random.randint(1, 99), random.choice(THINGS)
    return f'{name} = {number}\nprint({name})\n{name} = "{thing.name}"\nprint("{thing.name}")\n'


PASSAGES: tuple[Passage, ...] = (
    _facts,
    _facts,
    _facts,
    _kinds,
    _dictionary,
    _parallel,
    _sums,
    _counting,
    _possessions,
    _echo,
    _life,
    _voices,
    _habits,
    _code,
)


def passages(random: Random, count: int) -> Iterator[str]:
    """Yield so many passages; each kind comes equally often."""
    for number in range(count):
        yield PASSAGES[number % len(PASSAGES)](random)
