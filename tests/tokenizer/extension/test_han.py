import sys

import pytest

from belle.tokenizer.extension.han import is_run, others, runs, sampled_runs


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("今年2019年，我们add(加)。", ["今年", "年", "我们", "加"], ["2019", "，", "add(", ")。"]),
        ("𠮷野家㐀", ["𠮷野家㐀"], []),
        ("ひらがな한국、。〇々１ＡⅧ🙂", [], ["ひらがな한국、。〇々１ＡⅧ🙂"]),
        ("", [], []),
    ],
)
def test_runs_hold_chinese_characters_alone(text, expected, rest):
    assert (runs(text), others(text)) == (expected, rest)


def test_no_other_character_begins_with_the_first_two_bytes_of_a_chinese_one():
    """So a merge that begins with the first bytes of one happens in no other text."""
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    first = {character.encode()[:2] for character in characters if is_run(character)}
    assert first.isdisjoint({character.encode()[:2] for character in characters if not is_run(character)})


def test_a_share_of_the_runs_is_the_same_ones_each_time():
    texts = [[f"甲{chr(0x4E00 + number)}，乙" for number in range(1000)]] * 2
    whole = list(sampled_runs(texts, 1.0))
    assert whole == [[run for text in batch for run in runs(text)] for batch in texts]
    first, again = (list(sampled_runs(texts, 0.25)) for _ in range(2))
    assert first == again
    assert all(400 < len(batch) < 600 for batch in first)
