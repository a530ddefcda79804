import os
import subprocess
import sys

import pytest

from belle.data.language import language, languages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("什么是三原色？", "zh"),
        ("三原色是红、蓝、黄。", "zh"),
        ("臺灣是一個美麗的島嶼，有許多高山。", "zh"),
        ("DNA代表脱氧核糖核酸。", "zh"),
        ("使用 Python 的 list 和 dict", "mixed"),
        ("请修改：They tried to fix the car all day long.", "mixed"),
        ("The quick brown fox jumps over the lazy dog.", "en"),
        ("Sure, here is the answer you asked for.", "en"),
        ("Der Hund läuft heute schnell durch den Wald.", "de"),
        ("El perro corre rápidamente por el bosque.", "es"),
        ("東京は日本の首都です。とても大きい。", "ja"),
        ("서울은 한국의 수도입니다.", "ko"),
        ("Москва является столицей России.", "ru"),
        ("", "unknown"),
        ("3x + 5y - 9 = 0", "unknown"),
        ("I love you", "unknown"),
        ("```python\ndef add(a, b):\n    return a + b\n```", "unknown"),
        ("https://example.com/a-long-address-of-a-page", "unknown"),
        ("如下：```python\nprint('hello world, this is a long text')\n```", "zh"),
        ("😀😀😀", "unknown"),
    ],
)
def test_the_language_of_a_text(text, code):
    assert language(text) == code


def test_fewer_letters_can_be_enough():
    assert languages(["Good morning"], min_letters=5) == ["en"]
    assert languages(["Good morning"]) == ["unknown"]


def test_results_do_not_depend_on_the_hash_seed():
    texts = ["Hvor er du fra, min ven?", "Buna ziua tuturor celor de aici!"]
    code = f"from belle.data.language import languages; print(languages({texts}))"

    def run(seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment).stdout

    assert run("1") == run("2") != ""
