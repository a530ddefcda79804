"""Inference on GGUF files with llama.cpp: answers and logits from token ids, never from text.

One prompt at a time, so that no answer depends on its neighbors: in a batch llama.cpp adds in another order,
and on a small model it is not faster. The attention cache is float32, so that only the weights differ from
Hugging Face, and is emptied before every prompt.
"""

import ctypes
import os
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import llama_cpp
import numpy as np
import torch

from belle.errors import UserError
from belle.evaluate.backends.backend import Generation, Prompt
from belle.evaluate.backends.decoding import Decoding
from belle.libraries.llama_cpp_log import llama_errors, quiet_llama

SMALL_MODEL_BYTES = 64 << 20
"""Below this, threads wait for each other longer than they compute."""


class LlamaCppModel:
    """A GGUF model on llama.cpp.

    Args:
        path: the GGUF file.
        context_length: most tokens of one prompt and its answer together.
        threads: threads to compute with; None takes every processor this process may use, one for a small model.
            The results do not depend on it.

    Raises:
        UserError: llama.cpp cannot load the file.
    """

    def __init__(self, path: Path, *, context_length: int, threads: int | None) -> None:
        quiet_llama()
        llama_cpp.llama_backend_init()
        self.context_length = context_length
        params = llama_cpp.llama_model_default_params()
        self._model = llama_cpp.llama_model_load_from_file(os.fsencode(path), params)
        if not self._model:
            raise UserError(f"{path}: llama.cpp cannot load it: {llama_errors()}; make the file again")
        weakref.finalize(self, llama_cpp.llama_model_free, self._model)
        self._threads = threads or self._sensible_threads()
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self.vocabulary_size: int = llama_cpp.llama_vocab_n_tokens(self._vocabulary)

    def tokenize(self, text: str) -> list[int]:
        """Return the ids llama.cpp gives `text`: special tokens recognized, no bos or eos added."""
        data = text.encode()
        # a token a byte at most, and one for the space SentencePiece puts in front
        buffer = (llama_cpp.llama_token * (len(data) + 1))()
        count = llama_cpp.llama_tokenize(self._vocabulary, data, len(data), buffer, len(buffer), False, True)
        return buffer[:count]

    def generate(self, prompts: Sequence[Prompt], decoding: Decoding) -> Iterator[tuple[Prompt, Generation]]:
        """Continue each prompt until an end token, the next turn or the most new tokens.

        Raises:
            UserError: a prompt and its answer may not fit into `context_length`.
        """
        new_tokens = decoding.max_new_tokens
        for prompt in prompts:
            self._check_length(f"question {prompt.id}", len(prompt.ids), new_tokens)
        longest = max((len(prompt.ids) for prompt in prompts), default=0)
        with self._context(longest + new_tokens) as context:
            for prompt in prompts:
                yield prompt, self._answer(context, prompt, decoding)

    def logits(self, ids: list[int]) -> np.ndarray:
        """Return the logits after every token of `ids` (teacher forcing): float32 [tokens, vocabulary].

        Raises:
            UserError: `ids` does not fit into `context_length`.
        """
        self._check_length("these ids", len(ids), 0)
        with self._context(len(ids)) as context:
            _decode(context, ids, every_position=True)
            return np.stack([self._logits_at(context, position) for position in range(len(ids))])

    def _answer(self, context: int, prompt: Prompt, decoding: Decoding) -> Generation:
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)
        ids: list[int] = []
        _decode(context, prompt.ids)
        while True:
            token = _choose(self._logits_at(context, -1), prompt, ids, decoding)
            if token in decoding.ends:
                return Generation(ids, "eos")
            ids.append(token)
            if decoding.has_next_turn(ids):
                return Generation(ids, "turn")
            if len(ids) == decoding.max_new_tokens:
                return Generation(ids, "length")
            _decode(context, [token])

    def _logits_at(self, context: int, index: int) -> np.ndarray:
        """Return the logits of the last decoded tokens, in llama.cpp's memory: float32 [vocabulary]."""
        pointer = llama_cpp.llama_get_logits_ith(context, index)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary_size,))

    @contextmanager
    def _context(self, tokens: int) -> Iterator[int]:
        """Yield a fresh attention cache for one text of up to `tokens` tokens."""
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = params.n_batch = tokens
        params.type_k = params.type_v = llama_cpp.GGML_TYPE_F32
        # flash attention may share the keys out among threads: then sums would depend on their number
        params.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        params.n_threads = params.n_threads_batch = self._threads
        context = llama_cpp.llama_init_from_model(self._model, params)
        if not context:
            raise UserError(f"llama.cpp cannot keep {tokens} tokens: {llama_errors()}; lower max_new_tokens")
        try:
            yield context
        finally:
            llama_cpp.llama_free(context)

    def _sensible_threads(self) -> int:
        small = llama_cpp.llama_model_size(self._model) < SMALL_MODEL_BYTES
        return 1 if small else len(os.sched_getaffinity(0))

    def _check_length(self, what: str, tokens: int, new_tokens: int) -> None:
        if tokens == 0 or tokens + new_tokens > self.context_length:
            raise UserError(
                f"{what}: {tokens} tokens and {new_tokens} new ones; together 1 to {self.context_length} fit: "
                "shorten the prompt or lower max_new_tokens"
            )


def _choose(logits: np.ndarray, prompt: Prompt, ids: list[int], decoding: Decoding) -> int:
    """Return the token that follows a prompt and the new tokens `ids`."""
    if decoding.profile.is_greedy:
        return int(logits.argmax())
    texts = torch.tensor([prompt.ids + ids])
    return int(decoding.choose(texts, torch.tensor(logits)[None], [prompt.id], len(ids)))


def _decode(context: int, ids: list[int], every_position: bool = False) -> None:
    """Append `ids` to the context; logits are kept for the last of them or for every one."""
    tokens = (llama_cpp.llama_token * len(ids))(*ids)
    wanted = (ctypes.c_int8 * len(ids))(*[1] * len(ids))
    batch = llama_cpp.llama_batch_get_one(tokens, len(ids))
    if every_position:
        batch.logits = wanted
    code = llama_cpp.llama_decode(context, batch)
    if code != 0:
        raise RuntimeError(f"llama_decode returned {code} for {len(ids)} tokens: {llama_errors()}")
