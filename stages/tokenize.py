"""data/clean in, packed sequences in data/tokens out, with the tokenizer of the checkpoint of train.init_from."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / "src")

from belle.stage import run_stage, start_stage

start_stage()

from belle.libraries.block_imports import block_imports

# transformers' tokenizers work without torch and load four times faster
block_imports("torch")

from belle.config.base import load_params, read_value
from belle.config.downloads import read_download
from belle.config.mixture import Mixture
from belle.config.tokenize import TokenizeParams
from belle.data.tables import CONVERSATIONS
from belle.data.tokenize_conversations import tokenize_conversations
from belle.files import fresh_directory
from belle.tokenizer.encode import ChatEncoder
from belle.tokenizer.load import load_tokenizer
from belle.tokenizer.template import choose_template


def main() -> None:
    params = load_params(TokenizeParams, "tokenize")
    tokenizer = load_tokenizer(Path("models") / read_value("train.init_from", str))
    tokenizer.chat_template = choose_template(params.template, tokenizer.chat_template)
    with fresh_directory(Path("data/tokens")) as out:
        conversations = Path("data/clean") / CONVERSATIONS
        parts = read_download("mixture", Mixture).parts
        tokenize_conversations(conversations, parts, ChatEncoder(tokenizer), params, read_value("seed", int), out)


if __name__ == "__main__":
    run_stage(main)
