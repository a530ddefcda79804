"""Inference on Hugging Face models: greedy answers in batches, and logits."""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from transformers import GenerationConfig, PreTrainedModel, PreTrainedTokenizerBase

from belle.checkpoints.models import load_model
from belle.checkpoints.precision import unfit_weight
from belle.evaluate.backends.backend import Generation
from belle.progress import Bar, progress


class HuggingFaceModel:
    """A causal language model of transformers; moved to the GPU when there is one.

    Args:
        model: in the precision to compute in.
        tokenizer: its end token ends an answer, and so do those of the model's generation settings.
        batch_size: prompts decoded at once.
    """

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batch_size: int) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
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
    """Load a checkpoint of the model chain for answering: fp32 on the CPU; fp16 on a GPU where it fits, else fp32.

    bf16 would lose a quarter of an update of 1 % of the weights' size, fp16 loses 3 %.

    Args:
        checkpoint: the model.
        tokenizer: its own.
        batch_size: prompts decoded at once.
        probe: token ids of a long prompt: its logits must be finite in fp16.
    """
    model = load_model(checkpoint)
    if not torch.cuda.is_available():
        return HuggingFaceModel(model, tokenizer, batch_size)
    if problem := unfit_weight(model, torch.float16):
        problem = f"weight {problem} is too large for it"
    else:
        halved = HuggingFaceModel(model.half(), tokenizer, batch_size)
        if np.isfinite(halved.logits(probe)).all():
            return halved
        problem = "activations are too large for it"
        # the GPU need not hold both
        del halved
        model = load_model(checkpoint)
    print(f"note: {checkpoint}: answers are computed in fp32 instead of fp16: {problem}", file=sys.stderr)
    return HuggingFaceModel(model, tokenizer, batch_size)


def load_fp32(checkpoint: Path, tokenizer: PreTrainedTokenizerBase) -> HuggingFaceModel:
    """Load a checkpoint of the model chain in fp32 on any device: what quantized models are compared with."""
    return HuggingFaceModel(load_model(checkpoint), tokenizer, batch_size=1)
