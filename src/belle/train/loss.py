"""The loss of many tokens without their logits in memory at once: the widest tensor of a training step.

A token needs a logit for each word of the vocabulary, in the precision of the model, in fp32, and as a gradient: 32,000
words and 4,096 tokens are 1.6 GB. Computed in chunks that the backward pass computes again, one chunk is in memory.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from peft import PeftModel
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint
from transformers import PreTrainedModel

from belle.config.hardware import LOGITS_AT_ONCE


@contextmanager
def chunked_loss(model: PreTrainedModel | PeftModel) -> Iterator[None]:
    """Compute the loss of `model` in chunks; inside the block it returns hidden states in place of logits.

    Of batches as `FlatCollator` makes them. Not for weights that are sharded (ZeRO stage 3): the output layer is used
    where they are not gathered.
    """
    causal = model.get_base_model() if isinstance(model, PeftModel) else model
    head, plain = causal.get_output_embeddings(), causal.loss_function
    project = head.forward

    def loss(logits: torch.Tensor, labels: torch.Tensor, vocab_size: int, **kwargs: Any) -> torch.Tensor:
        """Take hidden states, float [1, kept, width], for `logits`."""
        at_once = max(1, LOGITS_AT_ONCE // vocab_size)
        if logits.shape[1] <= at_once:
            return plain(project(logits), labels, vocab_size=vocab_size, **kwargs)
        targets = kwargs["shift_labels"]
        count = kwargs.get("num_items_in_batch")
        pairs = zip(logits.split(at_once, dim=1), targets.split(at_once, dim=1), strict=True)
        total = torch.stack([checkpoint(_sum, project, *pair, use_reentrant=False) for pair in pairs]).sum()
        return total / (targets.numel() if count is None else count)

    head.forward = lambda hidden: hidden
    causal.loss_function = loss
    try:
        yield
    finally:
        head.forward, causal.loss_function = project, plain


def _sum(project: Callable[[torch.Tensor], torch.Tensor], hidden: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return cross_entropy(project(hidden)[0].float(), targets[0], reduction="sum")
