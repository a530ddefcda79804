"""Give a model rows for new tokens."""

from collections.abc import Sequence

import torch
from transformers import PreTrainedModel

MULTIPLE = 64
"""Embedding rows are a multiple of this, which matrix units of GPUs want."""


@torch.no_grad()
def add_rows(model: PreTrainedModel, first_id: int, parts: Sequence[Sequence[int]]) -> None:
    """Add rows to embedding and lm_head, in place: each begins as the mean of rows of the tokens it is made of.

    So a new token begins with the meaning of what stood in its place before (Hewitt 2021, "Initializing new word
    embeddings for pretrained language models", takes the mean of all rows). Rows of no token, up to the next multiple of
    64, are the mean of all old ones: their logit is never the highest. An embedding that has them already keeps its
    size as long as it holds the new ids.

    Args:
        model: on CPU.
        first_id: of the first new token.
        parts: of each new token the ids of the old tokens.
    """
    old = model.get_input_embeddings().weight.shape[0]
    rows = -(-max(old, first_id + len(parts)) // MULTIPLE) * MULTIPLE
    model.resize_token_embeddings(rows, mean_resizing=False)
    matrices = {id(layer.weight): layer.weight for layer in (model.get_input_embeddings(), model.get_output_embeddings())}
    for weight in matrices.values():
        weight[first_id:] = weight[:first_id].float().mean(dim=0)
        for index, tokens in enumerate(parts):
            weight[first_id + index] = weight[list(tokens)].float().mean(dim=0)
