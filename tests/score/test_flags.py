from typing import Any

import pytest

from belle.score.flags import REPETITIVE, flags_of
from factories import PARAMS, answer


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({}, []),
        ({"answer": "北京"}, []),
        ({"answer": ""}, ["empty"]),
        ({"stop": "length"}, ["truncated"]),
        ({"stop": "content_filter"}, ["truncated"]),
        ({"answer": "", "thinking": "首都是", "stop": "length"}, ["empty", "thinking", "truncated"]),
        ({"answer": "我很高兴能够帮助您解决这个问题。" * 12}, ["repetitive"]),
        ({"answer": "好。\n" * 4, "stop": "length"}, ["repetitive", "truncated"]),
        # 7 of 10 lines stood before, and 8 of 11
        ({"answer": "甲乙\n" * 8 + "丙丁\n戊己"}, []),
        ({"answer": "甲乙\n" * 9 + "丙丁\n戊己"}, ["repetitive"]),
        ({"thinking": "首都是北京"}, ["thinking"]),
        ({"stop": "turn"}, []),
        ({"tokens": 0}, []),
        ({"answer": "1. 苹果\n2. 香蕉\n3. 苹果\n4. 梨"}, []),
        ({"answer": "第一节\n合唱\n第二节\n合唱"}, []),
    ],
)
def test_what_is_odd_about_an_answer(changes: dict[str, Any], flags: list[str]):
    assert flags_of(answer("答", None).model_copy(update=changes)) == flags


def test_an_answer_is_repetitive_where_cleaning_drops_a_row():
    filters = PARAMS["clean"]["filters"]
    assert filters["repeated_lines"] == filters["repeated_ngrams"] == REPETITIVE
