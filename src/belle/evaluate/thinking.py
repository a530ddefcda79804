"""A model's thinking is no part of its answer: `<think>…</think>` at the beginning of what it wrote."""

OPEN, CLOSE = "<think>", "</think>"
"""How Qwen3, DeepSeek-R1, QwQ and most models after them mark it."""


def split_thinking(text: str) -> tuple[str | None, str]:
    """Return what a model thought and what it answered, both without white space around them.

    Thinking stands at the beginning, between `<think>` and `</think>`. The opening mark may be missing: several chat
    templates write it into the prompt. Without the closing mark everything is thinking and the answer is empty: the
    model was cut off. Marks behind the beginning of an answer are text like any other.

    Args:
        text: what the model wrote, without special tokens.

    Returns:
        The thinking, None where the text has none or an empty one, and the answer.
    """
    text = text.strip()
    before, closing, after = text.partition(CLOSE)
    if text.startswith(OPEN):
        return before.removeprefix(OPEN).strip() or None, after.strip()
    if not closing or OPEN in before:
        return None, text
    return before.strip() or None, after.strip()
