"""Token ids of plain text, in batches: what looks like a special token is text."""

from transformers import PreTrainedTokenizerBase


def ids_of(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> list[list[int]]:
    """Return the ids of each text, without the tokens that the tokenizer would add at the ends."""
    if not texts:
        return []
    if not tokenizer.is_fast:
        return tokenizer(texts, add_special_tokens=False, split_special_tokens=True)["input_ids"]
    # without the places of the tokens in the text, which take a third of the time
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    backend.encode_special_tokens = True
    return [encoded.ids for encoded in backend.encode_batch_fast(texts, add_special_tokens=False)]
