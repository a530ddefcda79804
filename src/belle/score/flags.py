"""What is odd about an answer, whatever its score: flags in metrics/details/eval/VARIANT.answers.tsv."""

from belle.data.repetition import Characters, repeated_lines, repeated_ngrams
from belle.evaluate.answers import Answer

FLAGS = ("truncated", "empty", "repetitive", "thinking", "contaminated")
"""All of them, in the order in which people are shown them."""
REPETITIVE = 0.7
"""Share of an answer that stood before in it, from which cleaning by default drops training data too."""


def flags_of(answer: Answer) -> list[str]:
    """Return what is odd about an answer, in alphabetical order.

    - `empty`: there is no answer.
    - `repetitive`: more than `REPETITIVE` of it is in lines or 10-grams that stood before in it.
    - `thinking`: the model thought before it answered.
    - `truncated`: it was cut, at the allowed number of tokens or by a server's filter.
    """
    flags = {
        "empty": not answer.answer,
        "repetitive": _is_repetitive(answer.answer),
        "thinking": answer.thinking is not None,
        "truncated": answer.stop in ("length", "content_filter"),
    }
    return [name for name, applies in flags.items() if applies]


def _is_repetitive(text: str) -> bool:
    characters = Characters([text])
    return max(repeated_lines(characters)[0], repeated_ngrams(characters)[0]) > REPETITIVE
