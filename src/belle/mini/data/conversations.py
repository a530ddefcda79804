"""Conversations as a teacher wrote them: clean or noisy, with the rows a cleaning stage must find."""

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random

from belle.data.tables import Row
from belle.mini.data.sample import Sample
from belle.mini.data.tasks import TASKS, draw

SHARE_OF_MULTI_TURN = 0.08
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
