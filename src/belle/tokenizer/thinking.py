"""Thinking in chat templates: those of models that always think, as DeepSeek-R1, open it in the header of an answer.

Such a prompt ends in `<think>`, and the model writes its thinking, `</think>` and the answer. Data without thinking are
trained on as an answer that begins with the closing mark; where the template renders it so itself (Qwen3-Thinking),
nothing is to do, others (DeepSeek-R1, QwQ) render an answer that is given without its thinking.
"""

OPEN, CLOSE = "<think>", "</think>"
"""How Qwen3, DeepSeek-R1, QwQ and most models after them mark thinking."""
NOTHING_MORE = f"\n{CLOSE}\n\n"
"""Ends thinking with nothing thought, as Qwen3's template writes it."""


def opens_thinking(prompt: str) -> bool:
    """Return whether a rendered prompt has the model begin inside its thinking."""
    return prompt.rstrip().endswith(OPEN)


def with_empty_thinking(prompt: str, answered: str, answer: str) -> str:
    """Return a rendered conversation with an empty thinking before its last answer, where the template left it out.

    Args:
        prompt: the conversation without the answer, rendered with the header of one.
        answered: rendered with the answer.
        answer: as it was given; one that holds a thinking of its own gets no empty one.
    """
    header = prompt[: prompt.rfind(OPEN)]
    is_left_out = opens_thinking(prompt) and not answered.startswith(prompt) and answered.startswith(header)
    if not is_left_out or CLOSE in answer:
        return answered
    return prompt + NOTHING_MORE + answered[len(header) :]
