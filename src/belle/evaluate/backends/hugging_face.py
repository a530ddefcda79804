"""Inference on Hugging Face models: greedy answers in batches, and logits."""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from transformers import GenerationConfig, PreTrainedModel, PreTrainedTokenizerBase

from belle.checkpoints.models import load_base, load_model
from belle.checkpoints.precision import unfit_weight, update_lost
from belle.checkpoints.resolve import resolve_checkpoint
from belle.evaluate.backends.backend import Generation
from belle.progress import Bar, progress

WORKING_BYTES = 10**9
"""Free memory that answering needs beside the weights, for the attention cache and logits."""


class HuggingFaceModel:
    """A causal language model of transformers; moved to the GPU when there is one.

    Args:
        model: in the precision to compute in.
        tokenizer: its end token ends an answer, and so do those of the model's generation settings.
        batch_size: prompts decoded at once.
        on_gpu: whether to use a GPU.
    """

    def __init__(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batch_size: int, on_gpu: bool = True
    ) -> None:
        self.device = torch.device("cuda" if on_gpu and torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device).eval()
        self.batch_size = batch_size
        own = model.generation_config.eos_token_id
        self.ends = sorted({tokenizer.eos_token_id, *(own if isinstance(own, list) else [own])} - {None})

    def generate(self, prompts: list[list[int]], max_new_tokens: int) -> list[Generation]:
        """Continue each prompt (token ids) greedily until an end token or `max_new_tokens`.

        Prompts of like length are decoded together, padded on the left; the answers come in the order of `prompts`.
        """
        # a fresh configuration: what the model brings (sampling, repetition penalty) is not greedy decoding
        self.model.generation_config = GenerationConfig(
            do_sample=False, max_new_tokens=max_new_tokens, eos_token_id=self.ends, pad_token_id=self.ends[0]
        )
        order = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))
        answers: dict[int, Generation] = {}
        with progress("answering", len(prompts), "questions") as bar:
            for start in range(0, len(order), self.batch_size):
                chosen = order[start : start + self.batch_size]
                answers |= zip(chosen, self._generate([prompts[index] for index in chosen], bar), strict=True)
        return [answers[index] for index in range(len(prompts))]

    @torch.inference_mode()
    def logits(self, ids: list[int]) -> np.ndarray:
        """Return the logits after every token of `ids` (teacher forcing): float32 [tokens, vocabulary]."""
        return self.model(torch.tensor([ids], device=self.device), use_cache=False).logits[0].float().cpu().numpy()

    def _generate(self, prompts: list[list[int]], bar: Bar) -> Iterable[Generation]:
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), self.ends[0])
        mask = torch.zeros_like(ids)
        for index, prompt in enumerate(prompts):
            ids[index, width - len(prompt) :], mask[index, width - len(prompt) :] = torch.tensor(prompt), 1
        # position ids follow from the mask, in each architecture's own way (BLOOM has none)
        output = self.model.generate(ids.to(self.device), attention_mask=mask.to(self.device))
        bar.advance(len(prompts))
        return map(self._cut, output[:, width:].tolist())

    def _cut(self, ids: list[int]) -> Generation:
        """Return the tokens before the first end token; those after it are padding."""
        end = next((at for at, token in enumerate(ids) if token in self.ends), None)
        return Generation(ids[:end], "length" if end is None else "eos")


def load_unquantized(
    checkpoint: Path, tokenizer: PreTrainedTokenizerBase, batch_size: int, probe: list[int]
) -> HuggingFaceModel:
    """Load a checkpoint of the model chain for answering: fp32 on the CPU, half precision on a GPU.

    It is fp16, which loses 3 % of an update of 1 % of the weights' size, where bf16 loses a quarter. Where fp16 is too
    narrow it is bf16, and a note says what that loses of adapters. A model that does not fit on the GPU, beside a
    quantized one or at all, computes on the CPU, with a note.

    Args:
        checkpoint: the model.
        tokenizer: its own.
        batch_size: prompts decoded at once.
        probe: token ids of a long text: its logits must be finite in fp16.
    """
    if not torch.cuda.is_available():
        return HuggingFaceModel(load_model(checkpoint), tokenizer, batch_size)
    model = load_model(checkpoint, as_stored=True)
    if shortage := _shortage(model):
        print(f"note: {checkpoint}: computes in fp32 on the processor, which takes long: {shortage}", file=sys.stderr)
        return HuggingFaceModel(load_model(checkpoint), tokenizer, batch_size, on_gpu=False)
    if problem := unfit_weight(model, torch.float16):
        problem = f"weight {problem} is too large for it"
    else:
        halved = HuggingFaceModel(model.to(torch.float16), tokenizer, batch_size)
        if np.isfinite(halved.logits(probe)).all():
            return halved
        problem = "activations are too large for it"
        # the GPU need not hold both
        del halved
        model = load_model(checkpoint, as_stored=True)
    print(f"note: {checkpoint}: computes in bf16 instead of fp16: {problem}{_lost(model, checkpoint)}", file=sys.stderr)
    return HuggingFaceModel(model.to(torch.bfloat16), tokenizer, batch_size)


def _shortage(model: PreTrainedModel) -> str | None:
    """Return by how much a model in half precision exceeds what is free on the GPU; None when it fits."""
    torch.cuda.empty_cache()
    needed, (free, _) = 2 * model.num_parameters() + WORKING_BYTES, torch.cuda.mem_get_info()
    if needed <= free:
        return None
    return f"it needs {needed / 1e9:.1f} GB in half precision, and {free / 1e9:.1f} GB of the GPU are free"


def _lost(model: PreTrainedModel, checkpoint: Path) -> str:
    """Return what bf16 loses of the update of adapters, for a note; nothing when there are none."""
    files = resolve_checkpoint(checkpoint)
    if not files.adapters:
        return ""
    lost = update_lost(model, load_base(files.base, dtype="auto"), torch.bfloat16)
    return f"; rounding the merged weights loses {lost:.1%} of the adapters' update"
