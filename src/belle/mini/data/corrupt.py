"""Rows planted for the clean stage to find: duplicates, broken rows and leaks from the evaluation set."""

from random import Random

from belle.data.tables import Row
from belle.mini.data.conversations import dialogue
from belle.mini.data.sample import Sample

TOO_LONG = 4001
"""Characters; the clean stage keeps at most 4000 by default."""


def corrupt(rows: list[Row], leaks: list[tuple[str, Sample]], share: float, random: Random) -> list[Row]:
    """Mix duplicates, near duplicates and broken rows (`share` of the rows, each) and leaks into `rows`."""
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
