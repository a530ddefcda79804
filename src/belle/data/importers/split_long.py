"""Cut long conversations at the borders of their turns, as FastChat's `split_long_conversation` does.

A piece is a run of whole exchanges, a question with the answers to it, so it begins with the user and ends with the
assistant; a system message stands before each. What belongs to no exchange (an answer before the first question, a
question that nobody answered) is in no piece.
"""

from collections.abc import Iterator

from belle.config.data import SplitLong

Message = dict[str, str]
Exchange = list[Message]


def split_long(messages: list[Message], limits: SplitLong) -> list[list[Message]]:
    """Return a conversation in pieces of at most `max_turns` exchanges and `max_characters` characters.

    Each piece holds as many exchanges as fit; one exchange that is too long by itself is a piece of its own. A
    conversation without an exchange stays as it is, for cleaning to drop it with a reason.

    Args:
        messages: the conversation.
        limits: None for one that does not matter.
    """
    head = [message for message in messages if message["role"] == "system"]
    most = limits.max_characters
    pieces: list[list[Exchange]] = []
    size = 0
    for exchange in _exchanges(messages):
        length = _characters(exchange)
        is_full = not pieces or len(pieces[-1]) == limits.max_turns or (most is not None and size + length > most)
        if is_full:
            pieces.append([])
            size = _characters(head)
        pieces[-1].append(exchange)
        size += length
    return [[*head, *(message for exchange in piece for message in exchange)] for piece in pieces] or [messages]


def _exchanges(messages: list[Message]) -> Iterator[Exchange]:
    """Yield each user message with the assistant's messages behind it, where there is one."""
    exchange: Exchange = []
    for message in messages:
        if message["role"] == "user":
            if len(exchange) > 1:
                yield exchange
            exchange = [message]
        elif message["role"] == "assistant" and exchange:
            exchange.append(message)
    if len(exchange) > 1:
        yield exchange


def _characters(messages: list[Message]) -> int:
    return sum(len(message["content"]) for message in messages)
