"""A language model behind an OpenAI-compatible server: configs/endpoint/*.yaml."""

import re
from typing import Literal

from pydantic import Field

from belle.config.base import Section

DATE = re.compile(r"(?<!\d)(20\d\d-?)?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
"""A date in a model's name, as in `gpt-4o-2024-08-06`, `kimi-k2-20250905` or `gpt-4-0613`."""


class ServedModel(Section):
    """What a reply depends on, beside the request. Of the server only its profile's name counts."""

    model: str = Field(min_length=1)
    """Model asked for, a dated snapshot where there is one."""
    token_limit: Literal["max_tokens", "max_completion_tokens"]
    """What the server calls the most tokens of a reply; OpenAI's newer models know the second name alone."""


class EndpointProfile(ServedModel):
    """One file of configs/endpoint/."""

    base_url: str = Field(pattern=r"^https?://[^\s@?#]+$")
    """Address that `/chat/completions` is appended to; it usually ends in `/v1`."""
    structured: Literal["none", "json_schema", "json_object_schema"]
    """How a reply is made to follow a JSON Schema: `json_schema` (OpenAI, vLLM), `json_object_schema` (the server of
    llama-cpp-python), `none` where there is no way."""
    allow_undated: bool
    """Accept a model name without a date, which may mean another model tomorrow."""
    api_key_variable: str | None = Field(pattern=r"^[A-Z_][A-Z0-9_]*$")
    """Environment variable that holds the API key; null where the server wants none."""
    max_concurrency: int = Field(ge=1, le=1000)
    """Requests under way at once."""
    requests_per_minute: int | None = Field(ge=1)
    """Requests sent per minute, evenly spaced; null sets no limit."""
    timeout_seconds: float = Field(gt=0)
    """Seconds that a request may take, to the last byte of its reply; one that comes later may be billed too."""
    currency: str
    """Currency of the prices, as in `USD`."""
    input_price: float | None = Field(ge=0)
    """Price of 10^6 tokens of a prompt, 0 for a server of your own; null takes what the library genai-prices knows."""
    output_price: float | None = Field(ge=0)
    """Price of 10^6 tokens of a reply, 0 for a server of your own; null takes what the library genai-prices knows."""

    @property
    def is_dated(self) -> bool:
        """Whether the model's name holds a date."""
        return DATE.search(self.model) is not None
