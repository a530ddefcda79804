"""Decryption of BELLE's XOR-encrypted weights: `decrypt` in params.yaml."""

from belle.config.base import Section


class DecryptParams(Section):
    """`decrypt` in params.yaml."""

    enabled: bool
    """Decrypt models/base; false makes models/decrypted a pointer to it."""
    key: str | None
    """Path of the key file, the original consolidated.00.pth. Its bytes cannot change the result, only fail
    the check: every decrypted file must match the SHA-256 in its header."""
