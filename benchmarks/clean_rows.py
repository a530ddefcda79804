"""Rows for benchmarks/clean.py: conversations of about 200 characters with planted duplicates and leaks."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from belle.clean.deduplication.guard import EXACT_CHARACTERS
from belle.data.tables import Row
from belle.mini.data.builtin import conversations

CHARACTERS = 200
EXACT_SHARE, NEAR_SHARE = 0.15, 0.15
CHANGED = 0.08
"""Share of the Chinese characters of a base row that are drawn anew, so that no two base rows are near."""
EDITS = 2
"""Characters that are drawn anew in a near duplicate: five 5-grams each of about 200."""
CHINESE = re.compile("[\u4e00-\u9fff]")
LEAST_QUESTION = 40
"""Characters of a leaked question, so that one edit leaves it near."""


@dataclass(frozen=True)
class Planted:
    """What a row is: its kind, and the row or evaluation question that it repeats."""

    kind: str
    of: str | None = None


class Rows:
    """Makes rows from those of the mini generator and of a file in alpaca's format; the same ones each time."""

    def __init__(self, alpaca: Path | None, questions: dict[str, str], leaks: int) -> None:
        real = json.loads(alpaca.read_text("utf-8")) if alpaca else []
        pairs = [(row["instruction"] + row["input"], row["output"]) for row in real]
        mini = [[one["content"] for one in row["messages"]] for row in conversations("general", "mini")]
        pairs += [(one[0], one[-1]) for one in mini if all(one) and len(one) > 1]
        self.questions = [question for question, _ in pairs if len(question) <= 60]
        self.sentences = [part for _, answer in pairs for part in re.findall(r"[^。！？\n]+[。！？\n]?", answer)]
        seen = CHINESE.findall("".join(self.sentences))
        self.letters = "".join(random.Random(1).sample([one for one in seen if one not in EXACT_CHARACTERS], 4096))
        self.leaks = [one for one in questions.items() if LEAST_QUESTION <= len(one[1]) <= 400][:leaks]

    def make(self, count: int, planted: dict[str, Planted]) -> Iterator[Row]:
        """Yield `count` rows; `planted` gets what each repetition and leak is, by its id."""
        draw = random.Random(0)
        leak_at = dict(zip(sorted(draw.sample(range(count), len(self.leaks))), self.leaks, strict=True))
        base: list[tuple[str, str, str]] = []
        for number in range(count):
            name, chance = f"row-{number}", draw.random()
            if number in leak_at:
                identity, text = leak_at[number]
                kind, question = self.leak(draw, text)
                answer = self.base(draw)[1]
                planted[name] = Planted(kind, identity)
            elif chance < EXACT_SHARE and base:
                of, question, answer = draw.choice(base)
                question = draw.choice([f" {question}", f"{question}\n", question.replace("，", ",")])
                planted[name] = Planted("exact", of)
            elif chance < EXACT_SHARE + NEAR_SHARE and base:
                of, question, answer = draw.choice(base)
                question, answer = self.near(draw, question, answer)
                planted[name] = Planted("near", of)
            else:
                question, answer = self.base(draw)
                # a reservoir: what is repeated may be far away, and does not fill the memory
                if len(base) < 200_000:
                    base.append((name, question, answer))
                else:
                    base[draw.randrange(len(base))] = (name, question, answer)
            messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
            yield {"id": name, "source": "synthetic", "language": "zh", "category": None, "messages": messages}

    def base(self, draw: random.Random) -> tuple[str, str]:
        """Return a question and sentences from different answers, each changed in a few places."""
        text = draw.choice(self.questions)
        cut, length = len(text), draw.gauss(CHARACTERS, 40)
        while len(text) < max(length, cut + 9):
            text += draw.choice(self.sentences)
        changed = list(text)
        for at in draw.sample(range(len(text)), int(len(text) * CHANGED)):
            if CHINESE.match(text[at]):
                changed[at] = draw.choice(self.letters)
        text = "".join(changed)
        return text[:cut], text[cut : cut + 400]

    def near(self, draw: random.Random, question: str, answer: str) -> tuple[str, str]:
        """Return the row with a few Chinese characters changed, none of which is a number."""
        text = list(question + answer)
        places = [at for at, one in enumerate(text) if CHINESE.match(one) and one not in EXACT_CHARACTERS]
        for at in draw.sample(places, min(EDITS, len(places))):
            text[at] = draw.choice(self.letters)
        return "".join(text[: len(question)]), "".join(text[len(question) :])

    def leak(self, draw: random.Random, question: str) -> tuple[str, str]:
        """Return an evaluation question as a user turn: in another form, within other words, or with an edit."""
        kind = draw.choice(["leak: exact", "leak: within", "leak: near"])
        if kind == "leak: exact":
            return kind, f"{question.replace('，', ', ')} "
        if kind == "leak: within":
            return kind, f"{self.base(draw)[1][:60]}\n{question}\n请用中文回答。"
        return kind, self.near(draw, question, "")[0] if len(question) > 2 * LEAST_QUESTION else question[:-1]
