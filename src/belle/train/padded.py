"""Packed sequences for a model whose attention cannot be replaced (BLOOM): padded, but only a little.

The batch is the flat one of every other model. The transformer alone sees rows: its segments, which the collator sorted
by length, are cut into groups in which none is shorter than `SHORTEST` of the longest, each group is computed as one
padded batch, and the hidden states are laid end to end again. So at most one token in four is padding, however lengths
are spread; the output layer and the loss see no padding, and logits only where a label follows.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from peft import PeftModel
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPast

SHORTEST = 0.75
"""Tokens of the shortest segment of a group, as a part of those of the longest."""


def pad_in_groups(model: PreTrainedModel | PeftModel) -> None:
    """Let the transformer of `model` take flat batches; `attention_mask` says where segments begin.

    The class of the whole model hands that argument on to its transformer as it is, and no other that would do.
    """
    transformer = (model.get_base_model() if isinstance(model, PeftModel) else model).base_model
    transformer.forward = _flat_forward(transformer.forward)


def groups_of(lengths: list[int]) -> Iterator[range]:
    """Yield the indices of each group of neighbors; `lengths` rise."""
    begin = 0
    for index, length in enumerate(lengths):
        if lengths[begin] < SHORTEST * length:
            yield range(begin, index)
            begin = index
    yield range(begin, len(lengths))


def _flat_forward(forward: Callable[..., BaseModelOutputWithPast]) -> Callable[..., BaseModelOutputWithPast]:
    def flat(
        input_ids: torch.Tensor, *, attention_mask: torch.Tensor, past_key_values: None = None, **kwargs: Any
    ) -> BaseModelOutputWithPast:
        """Compute int64 [1, tokens] with segment starts int32 [segments + 1]: float [1, tokens, width]."""
        lengths = attention_mask.diff().tolist()
        segments, hidden = input_ids[0].split(lengths), []
        for group in groups_of(lengths):
            rows = [segments[index] for index in group]
            mask = pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
            output = forward(pad_sequence(rows, batch_first=True), attention_mask=mask, **kwargs)
            hidden.append(output.last_hidden_state[mask.bool()])
        return BaseModelOutputWithPast(last_hidden_state=torch.cat(hidden)[None])

    return flat
