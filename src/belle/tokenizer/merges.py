"""The merges of a BPE tokenizer, in the form that every version of the tokenizers library reads."""

from pathlib import Path

from belle.files import read_json_object, write_json

COMMENT = "#version"
"""A string that begins so is a comment of the older form (the first line of merges.txt), not a merge."""


def write_merges_as_strings(tokenizer_json: Path) -> None:
    """Rewrite the merges of a tokenizer.json from pairs (`["a", "b"]`) to strings (`"a b"`).

    Pairs are read since tokenizers 0.20 (transformers 4.45), strings by every version. The pairs stay where a string
    would say something else: a token that holds a space has no one place to be cut, which is why the form was changed.
    Tokenizers without merges stay as they are.

    Raises:
        UserError: the file is missing or broken.
    """
    description = read_json_object(tokenizer_json, "save the tokenizer again")
    pairs = description["model"].get("merges")
    if not pairs or isinstance(pairs[0], str):
        return
    strings = [" ".join(pair) for pair in pairs]
    if any(text.count(" ") != 1 or text.startswith(COMMENT) for text in strings):
        return
    description["model"]["merges"] = strings
    write_json(tokenizer_json, description)
