"""The server and the store of tests/endpoints."""

from endpoints.conftest import chat, store

__all__ = ["chat", "store"]
