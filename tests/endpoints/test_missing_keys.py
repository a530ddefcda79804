"""Keys that are not there are said by `belle check`, and are no mistake."""

import pytest

from belle.config.base import PARAMS, read_yaml
from belle.endpoints.missing_keys import missing_keys


@pytest.mark.parametrize(
    "params",
    [
        {"evaluate.scorer": "judge", "evaluate.judge.endpoint": "openai"},
        {"evaluate.scorer": "both", "evaluate.judge.second_endpoint": "openai"},
        {"generate_data.enabled": True, "generate_data.endpoint": "openai"},
        {"evaluate.generate.engine": "endpoint", "evaluate.generate.endpoint": "openai"},
    ],
)
def test_one_line_for_each_endpoint_that_will_be_asked(change, monkeypatch, params):
    change("params.yaml", params)
    monkeypatch.setenv("OPENAI_API_KEY", "")
    (line,) = missing_keys(read_yaml(PARAMS))
    assert line.startswith("configs/endpoint/openai.yaml: the environment variable OPENAI_API_KEY holds no API key")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    assert missing_keys(read_yaml(PARAMS)) == []


def test_nothing_where_nobody_is_asked_or_no_key_is_wanted(change, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    change("params.yaml", {"evaluate.judge.endpoint": "openai", "generate_data.endpoint": "openai"})
    assert missing_keys(read_yaml(PARAMS)) == []
    change("params.yaml", {"evaluate.scorer": "judge", "evaluate.judge.endpoint": "local"})
    assert missing_keys(read_yaml(PARAMS)) == []
