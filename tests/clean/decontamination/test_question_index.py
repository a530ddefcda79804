import random

import numpy as np

from belle.clean.decontamination.question_index import QuestionIndex
from belle.clean.deduplication.tokens import tokenize


def grams(text, size):
    return {text[at : at + size] for at in range(max(1, len(text) - size + 1))}


def test_rare_shingles_find_all_that_a_full_comparison_finds():
    draw = random.Random(5)
    letters = "甲乙丙丁戊己庚辛壬癸子丑寅卯"  # few, so that many shingles are common
    questions = ["".join(draw.choices(letters, k=draw.randint(1, 30))) for _ in range(60)]
    turns = []
    for one in questions:
        changed = list(one)
        for _ in range(draw.randint(0, 3)):
            changed[draw.randrange(len(changed))] = draw.choice(letters)
        turns.append("".join(draw.choices(letters, k=draw.randint(0, 9))) + "".join(changed))
    for size, least in ((2, 0.5), (3, 0.8), (4, 1.0)):
        pairs = QuestionIndex(questions, size, least).find(tokenize(turns))
        expected = {
            (turn, question): len(grams(turns[turn], size) & grams(questions[question], size))
            for turn in range(len(turns))
            for question in range(len(questions))
            if len(grams(turns[turn], size) & grams(questions[question], size))
            >= least * len(grams(questions[question], size)) - 1e-9
        }
        found = dict(zip(zip(pairs.message.tolist(), pairs.question.tolist(), strict=True), pairs.shared, strict=True))
        assert found == expected
        signs = zip(pairs.message.tolist(), pairs.question.tolist(), pairs.has_signs.tolist(), strict=True)
        assert all(
            has == (len(questions[question]) > 8 or set(questions[question]) <= set(turns[turn]))
            for turn, question, has in signs
        )
        assert len(expected) > 15


def test_no_message_and_no_token_find_nothing():
    index = QuestionIndex(["中国的首都"], 3, 0.8)
    for turns in ([], [""], ["", "？"]):
        assert len(index.find(tokenize(turns)).message) == 0
    assert len(QuestionIndex(["？"], 3, 0.8).find(tokenize(["中国的首都"])).message) == 0
    assert np.array_equal(index.find(tokenize(["", "中国的首都"])).message, [1])
