"""Conversations as a clean or a noisy teacher answered them, with the rows that a cleaning stage must find."""

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random

from belle.data.tables import Row
from belle.mini.data.sample import Sample
from belle.mini.data.tasks import TASKS, draw

SHARE_OF_MULTI_TURN = 0.08
TOO_LONG = 4001
"""Characters; the clean stage keeps at most 4000 by default."""

Answer = Callable[[Random, str, Sample], str]
"""A teacher: returns the answer to a sample of a category."""


def clean_teacher(random: Random, category: str, sample: Sample) -> str:
    """Give the one right answer."""
    return sample.answer


def noisy_teacher(random: Random, category: str, sample: Sample) -> str:
    """Give another question's answer, one cut short or a refusal in half of all cases."""
    luck = random.random()
    if luck < 0.3:
        return random.choice(TASKS[category])(random).answer
    if luck < 0.4:
        return sample.answer[: max(1, len(sample.answer) // 2)]
    if luck < 0.5:
        return "对不起，我不知道。"
    return sample.answer


def dialogue(category: str, turns: list[tuple[str, str]], language: str = "zh") -> Row:
    """A row without its id and source; `turns` are (question, answer) pairs."""
    messages = [
        {"role": role, "content": content}
        for turn in turns
        for role, content in zip(("user", "assistant"), turn, strict=True)
    ]
    return {"language": language, "category": category, "messages": messages}


def answered_conversations(random: Random, counts: dict[str, int], answer: Answer) -> Iterator[Row]:
    """Yield `counts[category]` conversations of each category, interleaved at random.

    The teacher has a random stream of its own: with the same `random`, every teacher is asked the same questions.
    """
    luck = Random("teacher")
    pools = {category: draw(category, random, held_out=False) for category in counts}
    order = [category for category, count in counts.items() for _ in range(count)]
    random.shuffle(order)
    for category in order:
        turns = 2 if random.random() < SHARE_OF_MULTI_TURN else 1
        samples = list(islice(pools[category], turns))
        if samples:
            asked = [(one.question, answer(luck, category, one)) for one in samples]
            yield dialogue(category, asked, samples[0].language)


def corrupt(rows: list[Row], leaks: list[tuple[str, Sample]], share: float, random: Random) -> list[Row]:
    """Mix duplicates, near duplicates, broken rows and leaks into `rows`.

    Args:
        rows: conversations without ids.
        leaks: evaluation samples with their categories, each planted once.
        share: of the rows; so many duplicates, near duplicates and broken rows each.
        random: chooses and mixes.
    """
    count = max(1, round(share * len(rows)))
    planted = [
        *random.sample(rows, count),
        *(_near_duplicate(row) for row in random.sample(rows, count)),
        *(_broken(row, number) for number, row in enumerate(random.sample(rows, count))),
        *(_leak(category, sample, number) for number, (category, sample) in enumerate(leaks)),
    ]
    mixed = [*rows, *planted]
    random.shuffle(mixed)
    return mixed


def _with(row: Row, **contents: str) -> Row:
    """The row with the first user or assistant message replaced."""
    messages = [dict(message) for message in row["messages"]]
    for message in messages[:2]:
        message["content"] = contents.get(message["role"], message["content"])
    return {**row, "messages": messages}


def _near_duplicate(row: Row) -> Row:
    """The same question with one small word more."""
    return _with(row, user="请问：" + row["messages"][0]["content"])


def _broken(row: Row, number: int) -> Row:
    """One of the ways in which collected rows are broken, in turn."""
    question, answer = (message["content"] for message in row["messages"][:2])
    ways = (
        _with(row, assistant=""),
        _with(row, user=" \n"),
        _with(row, assistant="。" * 3),
        {**row, "messages": row["messages"][:1]},
        {**row, "messages": row["messages"][1:2]},
        {**row, "messages": []},
        _with(row, assistant=answer[:1] + "\x00\x08" + answer[1:]),
        _with(row, user="\ufeff" + question + "\u200b"),
        _with(row, assistant=answer + "\ufffd\ufffd"),
        _with(row, assistant=(answer + " ") * (TOO_LONG // (len(answer) + 1) + 1)),
    )
    return ways[number % len(ways)]


def _leak(category: str, sample: Sample, number: int) -> Row:
    """An evaluation question, every other one in disguise: spaces around, full stops gone."""
    question = sample.question if number % 2 else f"  {sample.question.rstrip('？。')} ！"
    return dialogue(category, [(question, sample.answer)], sample.language)
