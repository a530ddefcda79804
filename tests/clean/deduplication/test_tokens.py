import pytest

from belle.clean.deduplication.tokens import CHARACTER, OPERATOR, WORD, tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你好", ["你", "好"]),
        ("hello world", ["hello", "world"]),
        ("用python3写", ["用", "python3", "写"]),
        ("a+b=c", ["a", "+", "b", "=", "c"]),
        ("snake_case", ["snake_case"]),
        ('他说,"好".', ["他", "说", "好"]),
        ("3.5", ["3", ".", "5"]),
        ("end. next", ["end", "next"]),
        ("a[:]", ["a", "[", ":", "]"]),
        ("5!是120", ["5", "!", "是", "120"]),
        ("好!", ["好"]),
        ("été", ["été"]),
        ("😀😁", ["😀", "😁"]),
        ("", []),
        ("?!", []),
    ],
)
def test_texts_are_cut_into_characters_words_numbers_and_operators(text, expected):
    tokens = tokenize([text])
    # in brackets, for punctuation is an operator only between two signs
    assert tokens.hashes.tolist() == [tokenize([f"({one})"]).hashes[1] for one in expected]
    assert tokens.letters.tolist() == [len(one) for one in expected]


def test_punctuation_between_two_signs_is_an_operator():
    assert tokenize(["3.5", "a[:]", "5!", "好.好"]).kinds.tolist() == [
        *(WORD, OPERATOR, WORD),
        *(WORD, OPERATOR, OPERATOR, OPERATOR),
        *(WORD, OPERATOR),
        *(CHARACTER, CHARACTER),
    ]


def test_tokens_of_one_text_do_not_depend_on_the_others():
    texts = ["ab c", "", "c", "3", "好"]
    together = tokenize(texts)
    assert together.counts.tolist() == [2, 0, 1, 1, 1]
    assert together.has_digit.tolist() == [False, False, False, True, False]
    alone = [tokenize([text]).hashes.tolist() for text in texts]
    assert [together.hashes[a:b].tolist() for a, b in zip(together.starts, together.starts[1:], strict=False)] == alone


def test_anagrams_and_repetitions_have_other_hashes():
    hashes = tokenize(["ab", "ba", "aa", "aaa", "a", "b"]).hashes.tolist()
    assert len(set(hashes)) == 6
