"""Endpoint profiles: dated models, keys that stay in the environment, prices that are unknown or known."""

import pytest

from belle.config.endpoint import EndpointProfile
from belle.config.messages import problems_of
from endpoints.conftest import endpoint


@pytest.mark.parametrize(
    ("model", "is_dated"),
    [
        ("gpt-4o-2024-08-06", True),
        ("gpt-4-0613", True),
        ("kimi-k2-20250905", True),
        ("qwen-plus-2025-07-28", True),
        ("gpt-5", False),
        ("deepseek-chat", False),
        ("llama-3.1-8b", False),
        ("gpt-3.5-turbo-16k", False),
        ("model-99999999", False),
        ("gpt-4-1231", True),
        ("gpt-4-9999", False),
        ("gpt-4-0013", False),
        ("gpt-4-1300", False),
        ("gpt-4-1232", False),
        ("gpt-4o-2024-13-06", False),
    ],
)
def test_a_date_in_the_name(model, is_dated):
    assert endpoint(model=model).is_dated == is_dated


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("api_key_variable", "sk-proj-1234"),
        ("base_url", "https://me:secret@example.com/v1"),
        ("base_url", "https://example.com/v1?key=secret"),
        ("base_url", "example.com/v1"),
        ("max_concurrency", 0),
        ("input_price", -1.0),
        ("api_key", "sk-proj-1234"),
    ],
)
def test_what_a_profile_cannot_hold(key, value, tmp_path):
    (problem,) = problems_of(EndpointProfile, endpoint().model_dump() | {key: value}, tmp_path / "endpoint.yaml")
    assert key in problem
