"""Inference on Hugging Face models: answers in batches, and logits."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import (
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedModel,
    StoppingCriteria,
    StoppingCriteriaList,
)

from belle.checkpoints.models import load_base, load_model
from belle.checkpoints.precision import unfit_weight, update_lost
from belle.checkpoints.resolve import resolve_checkpoint
from belle.evaluate.backends.backend import Generation, Prompt
from belle.evaluate.backends.decoding import Decoding

WORKING_BYTES = 10**9
"""Free memory that answering needs beside the weights, for the attention cache and logits."""


class HuggingFaceModel:
    """A causal language model of transformers; moved to the GPU when there is one.

    Args:
        model: in the precision to compute in.
        batch_size: prompts decoded at once.
        on_gpu: whether to use a GPU.
    """

    def __init__(self, model: PreTrainedModel, batch_size: int, on_gpu: bool = True) -> None:
        self.device = torch.device("cuda" if on_gpu and torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device).eval()
        self.batch_size = batch_size

    def generate(self, prompts: Sequence[Prompt], decoding: Decoding) -> Iterator[tuple[Prompt, Generation]]:
        """Continue each prompt until an end token, the next turn or the most new tokens.

        Prompts of like length are decoded together, padded on the left; each batch is yielded when it is finished.
        """
        # a fresh configuration: what the model brings (sampling, repetition penalty) belongs to no profile
        self.model.generation_config = GenerationConfig(
            do_sample=False,
            max_new_tokens=decoding.max_new_tokens,
            eos_token_id=list(decoding.ends),
            pad_token_id=decoding.ends[0],
        )
        order = sorted(prompts, key=lambda prompt: len(prompt.ids))
        for start in range(0, len(order), self.batch_size):
            batch = order[start : start + self.batch_size]
            yield from zip(batch, self._generate(batch, decoding), strict=True)

    @torch.inference_mode()
    def logits(self, ids: list[int]) -> np.ndarray:
        """Return the logits after every token of `ids` (teacher forcing): float32 [tokens, vocabulary]."""
        return self.model(torch.tensor([ids], device=self.device), use_cache=False).logits[0].float().cpu().numpy()

    def _generate(self, batch: list[Prompt], decoding: Decoding) -> Iterator[Generation]:
        width = max(len(prompt.ids) for prompt in batch)
        ids = torch.full((len(batch), width), decoding.ends[0])
        mask = torch.zeros_like(ids)
        for index, prompt in enumerate(batch):
            start = width - len(prompt.ids)
            ids[index, start:], mask[index, start:] = torch.tensor(prompt.ids), 1
        chooses = [] if decoding.profile.is_greedy else [_Choice(batch, width, decoding, self.device)]
        stops = [_NextTurn(width, decoding)] if decoding.next_turn else []
        # position ids follow from the mask, in each architecture's own way (BLOOM has none)
        output = self.model.generate(
            ids.to(self.device),
            attention_mask=mask.to(self.device),
            logits_processor=LogitsProcessorList(chooses),
            stopping_criteria=StoppingCriteriaList(stops),
        )
        return (self._cut(ids, decoding) for ids in output[:, width:].tolist())

    def _cut(self, ids: list[int], decoding: Decoding) -> Generation:
        """Return the tokens before the first end token; those after it are padding."""
        end = next((at for at, token in enumerate(ids) if token in decoding.ends), None)
        if decoding.has_next_turn(ids[:end]):
            return Generation(ids[:end], "turn")
        return Generation(ids[:end], "length" if end is None else "eos")


class _Choice(LogitsProcessor):
    """Leaves each row the token that `Decoding.choose` takes, so that greedy decoding takes it."""

    def __init__(self, batch: list[Prompt], width: int, decoding: Decoding, device: torch.device) -> None:
        self.questions, self.width, self.decoding = [prompt.id for prompt in batch], width, decoding
        # instead of padding, which would be penalized as a repetition, the first token once more
        rows = [[prompt.ids[0]] * (width - len(prompt.ids)) + prompt.ids for prompt in batch]
        self.prompts = torch.tensor(rows, device=device)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        answers = input_ids[:, self.width :]
        texts = torch.cat([self.prompts, answers], dim=1)
        chosen = self.decoding.choose(texts, scores, self.questions, answers.shape[1])
        return torch.full_like(scores, -torch.inf).scatter(1, chosen[:, None], 0.0)


class _NextTurn(StoppingCriteria):
    """Ends rows that go on with the user's next turn."""

    def __init__(self, width: int, decoding: Decoding) -> None:
        self.width, self.decoding = width, decoding

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: object) -> torch.Tensor:
        ends = [self.decoding.has_next_turn(ids) for ids in input_ids[:, self.width :].tolist()]
        return torch.tensor(ends, device=input_ids.device)


def load_unquantized(checkpoint: Path, batch_size: int, probe: list[int]) -> HuggingFaceModel:
    """Load a checkpoint of the model chain for answering: fp32 on the CPU, half precision on a GPU.

    It is fp16, which loses 3 % of an update of 1 % of the weights' size, where bf16 loses a quarter. Where fp16 is too
    narrow it is bf16, and a note says what that loses of adapters. A model that does not fit on the GPU computes on the
    CPU, with a note.

    Args:
        checkpoint: the model.
        batch_size: prompts decoded at once.
        probe: token ids of a long text: its logits must be finite in fp16.
    """
    if not torch.cuda.is_available():
        return HuggingFaceModel(load_model(checkpoint), batch_size)
    model = load_model(checkpoint, as_stored=True)
    if shortage := _shortage(model):
        print(f"note: {checkpoint}: computes in fp32 on the processor, which takes long: {shortage}", file=sys.stderr)
        return HuggingFaceModel(load_model(checkpoint), batch_size, on_gpu=False)
    if problem := unfit_weight(model, torch.float16):
        problem = f"weight {problem} is too large for it"
    else:
        halved = HuggingFaceModel(model.to(torch.float16), batch_size)
        if np.isfinite(halved.logits(probe)).all():
            return halved
        problem = "activations are too large for it"
        # the GPU need not hold both
        del halved
        model = load_model(checkpoint, as_stored=True)
    print(f"note: {checkpoint}: computes in bf16 instead of fp16: {problem}{_lost(model, checkpoint)}", file=sys.stderr)
    return HuggingFaceModel(model.to(torch.bfloat16), batch_size)


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
