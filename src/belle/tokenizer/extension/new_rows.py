"""Give a model rows for new tokens."""

from collections.abc import Sequence
from itertools import accumulate

import torch
from torch.nn.functional import embedding_bag
from transformers import PreTrainedModel

from belle.errors import UserError

MULTIPLE = 64
"""Embedding rows are a multiple of this, which matrix units of GPUs want."""


@torch.no_grad()
def add_rows(model: PreTrainedModel, first_id: int, parts: Sequence[Sequence[int]]) -> None:
    """Add rows to embedding and lm_head, in place: each begins as the mean of rows of the tokens it is made of.

    So a new token begins near what stood in its place before (fast vocabulary transfer, Gee et al. 2022, arXiv
    2402.09977). Rows of no token, up to the next multiple of 64, are the mean of all old ones: their logit is never the
    highest. An embedding that has more rows than tokens keeps its size as long as it holds the new ids.

    Args:
        model: on CPU.
        first_id: of the first new token.
        parts: of each new token the ids of the old tokens.

    Raises:
        UserError: an old token has no row.
    """
    rows = model.get_input_embeddings().weight.shape[0]
    if rows < first_id:
        raise UserError(
            f"{model.name_or_path}: the tokenizer has {first_id} ids, the embedding {rows} rows; use the tokenizer "
            "that belongs to the model, or give the model rows for all of its ids"
        )
    needed = max(rows, first_id + len(parts))
    model.resize_token_embeddings(-(-needed // MULTIPLE) * MULTIPLE, mean_resizing=False)
    embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    tokens = torch.tensor([token for one in parts for token in one])
    starts = torch.tensor([0, *accumulate(map(len, parts))])[:-1]
    # tied ones are one matrix
    for weight in {id(layer.weight): layer.weight for layer in (embedding, head)}.values():
        old = weight[:first_id].float()
        weight[first_id:] = old.mean(dim=0)
        weight[first_id : first_id + len(parts)] = embedding_bag(tokens, old, starts, mode="mean").to(weight.dtype)
