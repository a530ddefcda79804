import pyarrow as pa
import pytest

from belle.clean.text import comparison_key, message_features, normalize, normalize_messages
from belle.data.tables import MESSAGE
from factories import message


def normal(text):
    return normalize(pa.array([text], pa.string())).to_pylist()[0]


def key(text):
    return comparison_key(normalize(pa.array([text], pa.string()))).to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你好", "你好"),
        ("a\r\nb\rc\n", "a\nb\nc"),
        ("\ufeff你\u200b好\u2060", "你好"),
        ("a\x00b\x07\x1b[0m\x9f", "ab[0m"),
        ("a\x0cb\x0bc\x85d", "a\nb\nc\nd"),
        ("\t\u3000 缩进 \u00a0\n", "缩进"),
        (" \n\u3000\n\x0c    if a:\n        b\n ", "    if a:\n        b"),
        ("    a = 1\n\n    b = 2", "    a = 1\n\n    b = 2"),
        ("\u3000\u3000第一段\n\u3000\u3000第二段", "\u3000\u3000第一段\n\u3000\u3000第二段"),
        (" 你好\n\n再见", "你好\n\n再见"),
        ("\u2028\n a", "a"),
        (" \n\t\n", ""),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("１２３，（Ａ）？", "１２３，（Ａ）？"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a\n\n\tb", "a\n\n\tb"),
        ("\u200b \ufeff", ""),
        (None, ""),
    ],
)
def test_texts_are_kept_in_normal_form(text, expected):
    assert normal(text) == expected
    assert normal(expected) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中国的首都是哪里？", "中国的首都 是哪里"),
        ("Ｗｈａｔ ｉｓ　ＡＩ？", "what is ai"),
        ("What is AI?", "WHAT IS\nAI"),
        ("他说：“你好”……", '他说"你好"......'),
        ("介绍AI。", "介绍AI"),
        ("hello , world", "hello world"),
        ("STRASSE", "straße"),
        ("１ ＋ １ ＝ ？", "1+1=?"),
        ("3 - 5 等于几", "3-5等于几？"),
        ("12：30", "12:30"),
        ("第一，\n第二。", "第一第二"),
        ("你\u200d好", "你好"),
        ("x²", "x^2"),
    ],
)
def test_texts_that_differ_in_form_only_have_one_key(one, other):
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3-5", "35"),
        ("3*5", "3/5"),
        ("3.5", "35"),
        ("3 12", "31 2"),
        ("3、12", "31、2"),
        ("-3+5", "3+5"),
        ("50%", "50"),
        ("3²", "32"),
        ("(3+5)*2", "3+5*2"),
        ("？！", "。"),
        ("C++", "C"),
        ("😀", "😁"),
        ("写一个Python函数f(a, b)，返回a / b", "写一个Python函数f(a, b)，返回a * b"),
        ("a - b", "a % b"),
        ("a - b", "a & b"),
        ("求绝对值：5", "求绝对值：-5"),
        ("求绝对值，5", "求绝对值，-5"),
        ("计算(3)×(4)", "计算(-3)×(-4)"),
        ("化简：x/y*z", "化简：x*y-z"),
        ("介绍C", "介绍C#"),
        ("温度：5度", "温度：-5度"),
        ("讨论计算a/b的导数的方法", "讨论计算a*b的导数的方法"),
        ("5!", "5"),
        ("a[:]", "a[]"),
        ('print("")', "print()"),
        ("now here", "nowhere"),
        *((f"a{sign}b", "ab") for sign in "*/-%&\\#!@_[](){}'\".:"),
        *((f"f({sign})b", "f()b") for sign in "*/-%&\\#!@_[]{}'\".:"),
    ],
)
def test_texts_of_another_meaning_have_another_key(one, other):
    assert key(one) != key(other)


def test_every_text_of_an_array_keeps_its_place():
    texts = normalize(pa.array(["b ", None, "", "a"], pa.string()))
    assert texts.to_pylist() == ["b", "", "", "a"]
    assert comparison_key(texts).to_pylist() == ["b", "", "", "a"]


CONVERSATIONS = [
    [message("system", "S"), message("user", " Ａ？ ")],
    [],
    None,
    [{"role": None, "content": None}],
    [message("user", "b\r\nc")],
]
NORMALIZED = [
    [message("system", "S"), message("user", "Ａ？")],
    [],
    [],
    [message("", "")],
    [message("user", "b\nc")],
]
FEATURES = {
    "roles": [["system", "user"], [], [], [""], ["user"]],
    "characters": [[1, 2], [], [], [0], [3]],
    "turn_characters": [[None, 2], [], [], [0], [3]],
    "contents": [[one["content"] for one in messages] for messages in NORMALIZED],
    "keys": [["s", "a"], [], [], [""], ["b c"]],
    "identities": [["s", "a"], [], [], [""], ["b c"]],
}
WHOLE = pa.array(CONVERSATIONS, pa.list_(MESSAGE))


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (1, 5), (0, 2), (3, 4), (2, 2)])
def test_a_slice_of_an_array_gives_the_same_as_the_whole(start, stop):
    messages = WHOLE.slice(start, stop - start)
    assert normalize_messages(messages).to_pylist() == NORMALIZED[start:stop]
    assert message_features(messages).to_pylist() == [
        {name: values[index] for name, values in FEATURES.items()} for index in range(start, stop)
    ]


def test_an_exact_duplicate_has_the_same_answer_and_a_question_that_differs_in_form_only():
    pair = [message("user", "Ａ？"), message("assistant", "Ａ？ ")]
    (features,) = message_features(pa.array([pair], pa.list_(MESSAGE))).to_pylist()
    assert features["identities"] == ["a", "Ａ？"]


def test_large_lists_and_strings_of_daft_give_the_same():
    large = pa.large_list(pa.struct([("role", pa.large_string()), ("content", pa.large_string())]))
    assert message_features(WHOLE.cast(large)).equals(message_features(WHOLE))
