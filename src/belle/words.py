"""Words of messages for people."""


def counted(count: int, one: str, several: str | None = None) -> str:
    """Return a count with its noun: `1 request`, `2 requests`.

    Args:
        count: how many.
        one: the noun in the singular.
        several: in the plural, None where that only adds an s.
    """
    return f"{count} {one if count == 1 else several or f'{one}s'}"
