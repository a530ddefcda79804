"""A model's thinking is no part of its answer: `<think>…</think>` at the beginning of what it wrote."""

from belle.tokenizer.thinking import CLOSE, OPEN


def split_thinking(text: str, is_open: bool) -> tuple[str | None, str]:
    """Return what a model thought and what it answered, both without white space around them.

    Thinking stands at the beginning, between `<think>` and `</think>`. Without the closing mark everything is thinking
    and the answer is empty: the model was cut off. Marks behind the beginning of an answer are text like any other.

    Args:
        text: what the model wrote, without special tokens.
        is_open: whether the opening mark is in the prompt. One may be missing all the same where another template than
            the model's own asked it: what stands before a closing mark is thinking then too.

    Returns:
        The thinking, None where the text has none or an empty one, and the answer.
    """
    text = text.strip()
    before, closing, after = text.partition(CLOSE)
    if is_open or text.startswith(OPEN):
        return before.removeprefix(OPEN).strip() or None, after.strip()
    if not closing or OPEN in before:
        return None, text
    return before.strip() or None, after.strip()
