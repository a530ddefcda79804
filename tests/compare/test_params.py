from dataclasses import replace

import pytest

from belle.compare.params import differing_params, shown
from belle.compare.results import load_results


def test_params_that_differ(shared):
    found = differing_params(load_results(["main", "lora", "again"]))
    assert found == {"seed": [1, 1, 2], "train.method": ["ft", "lora", "ft"]}
    main, lora = load_results(["main", "lora"])
    assert differing_params([main, replace(lora, params=main.params | {"more": {"deep": 1}})]) == {
        "more.deep": [None, 1]
    }


@pytest.mark.parametrize(
    ("value", "text"), [(None, "null"), (True, "true"), (0.5, "0.5"), ("None", "None"), ([1, "二"], '[1, "二"]')]
)
def test_values_are_shown_as_params_yaml_has_them(value, text):
    assert shown(value) == text
