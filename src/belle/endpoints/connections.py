"""Connections to an endpoint: kept open from one request to the next, through the proxy that the environment names."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2

from belle.config.endpoint import EndpointProfile
from belle.endpoints.api_key import ApiKey
from belle.errors import UserError

SECONDS_TO_CONNECT = 60.0
SECONDS_KEPT_OPEN = 4.0
"""Unused; servers of one's own, as vLLM's, close a connection after five, and a request sent just then is lost."""


def open_session(profile: EndpointProfile, key: ApiKey) -> aiohttp.ClientSession:
    """Open a session with the headers, the time limits and the proxy of an endpoint; an event loop must run.

    Raises:
        UserError: the environment names a proxy that is not one of HTTP.
    """
    # the certificates that the openai package takes for batches: SSL_CERT_FILE, or those of the system
    certificates = httpx2.create_ssl_context() if profile.base_url.startswith("https") else True
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=SECONDS_KEPT_OPEN, ssl=certificates),
        headers={"Authorization": f"Bearer {key.value}", "Content-Type": "application/json"},
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(
            total=profile.timeout_seconds, sock_connect=min(SECONDS_TO_CONNECT, profile.timeout_seconds / 2)
        ),
        proxy=proxy_for(profile.base_url),
    )


def proxy_for(address: str) -> str | None:
    """Return the proxy for an address that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name, None for none.

    Raises:
        UserError: it is not one of HTTP.
    """
    parts = urlsplit(address)
    if proxy_bypass(parts.netloc):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if proxy is None:
        return None
    scheme, colon, _ = proxy.partition("://")
    if colon and scheme not in ("http", "https"):
        name = f"{parts.scheme.upper()}_PROXY"
        raise UserError(
            f"the environment names a proxy of {scheme} for {address}; set {name} to one of HTTP, or NO_PROXY to "
            f"{parts.hostname}"
        )
    return proxy if colon else f"http://{proxy}"
