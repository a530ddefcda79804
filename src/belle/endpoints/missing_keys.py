"""API keys that the experiment may need and the environment does not hold: said early, and no mistake.

Who has pulled an experiment has the replies to all requests, and needs no key.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from belle.config.base import CONFIGS, load_profile
from belle.config.endpoint import EndpointProfile
from belle.endpoints.api_key import ApiKey
from belle.errors import UserError


def missing_keys(params: Mapping[str, Any]) -> list[str]:
    """Return one line for each endpoint whose key is not there, or none.

    Args:
        params: content of params.yaml, which is valid.

    Raises:
        UserError: a profile is missing or wrong.
    """
    lines = []
    for name in dict.fromkeys(_endpoints(params)):
        try:
            ApiKey(load_profile(EndpointProfile, "endpoint", name).api_key_variable)
        except UserError as error:
            lines.append(f"{CONFIGS}/endpoint/{name}.yaml: {error}; without it no reply comes that is not here already")
    return lines


def _endpoints(params: Mapping[str, Any]) -> Iterator[str]:
    evaluate = params["evaluate"]
    judge, generate = evaluate["judge"], evaluate["generate"]
    if params["generate_data"]["enabled"]:
        yield params["generate_data"]["endpoint"]
    if generate["engine"] == "endpoint":
        yield generate["endpoint"]
    if evaluate["scorer"] != "metrics":
        yield from filter(None, (judge["endpoint"], judge["second_endpoint"]))
