"""Clean conversations to packed token rows, with the tokenizer of the link that training starts from."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.hide import hide

# transformers' tokenizers work without torch and load four times faster
hide("torch")

from belle.config.section import load_params, read_value
from belle.config.tokenize import TokenizeParams
from belle.data.tables import CONVERSATIONS
from belle.files import fresh_directory, write_json
from belle.stage import run
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.template import choose_template
from belle.tokenizer.tokenize_data import tokenize_data


def main() -> None:
    params = load_params(TokenizeParams, "tokenize")
    tokenizer = load_tokenizer(Path("models") / read_value("train.from", str))
    tokenizer.chat_template = choose_template(params.template, tokenizer.chat_template)
    with fresh_directory(Path("data/tokens")) as out:
        conversations = Path("data/clean") / CONVERSATIONS
        metrics = tokenize_data(conversations, ChatEncoder(tokenizer), params, read_value("seed", int), out)
    write_json(Path("metrics/tokenize.json"), {"tokenize": metrics})


if __name__ == "__main__":
    run(main)
