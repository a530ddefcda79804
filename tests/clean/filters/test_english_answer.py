import pytest

from belle.clean.filters.english_answer import EnglishAnswer
from factories import conversation

from .see_one import see_one

ENGLISH = "The Great Wall is one of the most famous sights in the world, and it is very long."


@pytest.mark.parametrize(
    "turns",
    [
        ("介绍一下长城。", ENGLISH),
        (
            "请写一段关于环境保护的话",
            "Protecting the environment is a duty of all of us, and it begins with small steps.",
        ),
        ("你好，今天怎么样？", "很好！", "介绍一下长城。", ENGLISH),
    ],
)
def test_an_english_answer_to_a_chinese_question_is_seen(turns):
    assert see_one(EnglishAnswer(), conversation(*turns)) == turns[-1][:60]


@pytest.mark.parametrize(
    "turns",
    [
        ("介绍一下长城。", "长城是中国古代的防御工程。"),
        ("介绍一下长城。", f"长城：{ENGLISH}"),
        ("用英文介绍一下长城。", ENGLISH),
        ("翻译：长城是世界上最著名的景点之一", ENGLISH),
        ("把这句话译成英语：你好", "Hello, and how are you doing on this fine day?"),
        ("用英文写。", "OK", "再来一段关于长城的", ENGLISH),
        ("改写这句话：He is the one who has the key to the house and to it all", ENGLISH),
        ("写一个打印问候的 Python 程序", "print('the answer to all of this is in the book')"),
        ("如何列出目录里的所有文件？", "for name in os.listdir(path):\n    print(name) # this is the name of the file"),
        ("怎样求和？", "```\nthe sum of a and b is in the variable c and it is\n```"),
        ("起一个公司名称", "QuadraSoft Technologies, EchoCoder Systems, NurtureCode, Bright Labs, Deep Sky"),
        ("最大的行星是什么？", "Jupiter"),
        ("What is the Great Wall?", ENGLISH),
        ("计算 3 + 5 乘以 2 的结果", "= 3 + 5 * 2"),
    ],
)
def test_translation_code_and_names_are_kept(turns):
    assert see_one(EnglishAnswer(), conversation(*turns)) is None
