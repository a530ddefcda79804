"""Tiny models and tokenizers for the GGUF tests, trained or drawn on the spot."""

from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AddedToken,
    BloomConfig,
    BloomForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    LlamaTokenizer,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from factories import write_sentencepiece_model

CORPUS = [
    "你好，世界。今天天气很好，我们一起去公园散步吧！",
    "The quick brown fox jumps over the lazy dog; it's 12345 metres, isn't it?",
    "def add(a, b):\n    return a + b  # 加法\n\n\n",
    "价格是 3.14 元，共 2026 件。🙂🚀  double  spaces\tand tabs",
] * 20
SPECIAL = ["<|endoftext|>", "<|pad|>"]
PROBES = [
    "你好，世界！今天天气怎么样？",
    "Hello world, it's a FOX's den. WE'LL see",
    "12345 + 67890 = 80235，3.14",
    "🙂🚀👩‍👩‍👧 emoji",
    "line one\n\nline two\r\n\tindented   \n",
    "  leading and   inner    spaces  ",
    "混合 mixed 文本，with English。、…",
    "",
    "\n",
    "añadir éxito ﬁ Ⅷ ½ ‏عربى।",
]


SIZE = {
    "vocab_size": 640,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 128,
}
LINEAR = {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
MODELS = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SIZE)),
    "llama-gqa-tied": lambda: LlamaForCausalLM(
        LlamaConfig(**SIZE, num_key_value_heads=2, tie_word_embeddings=True, rms_norm_eps=1e-3)
    ),
    "llama-biases-wide-heads": lambda: LlamaForCausalLM(
        LlamaConfig(**SIZE, attention_bias=True, mlp_bias=True, head_dim=32)
    ),
    "llama-linear": lambda: LlamaForCausalLM(LlamaConfig(**SIZE, rope_parameters=LINEAR)),
    "llama-llama3": lambda: LlamaForCausalLM(LlamaConfig(**SIZE, head_dim=32, rope_parameters=LLAMA3)),
    "qwen2": lambda: Qwen2ForCausalLM(
        Qwen2Config(**SIZE, num_key_value_heads=2, rope_parameters={"rope_type": "default", "rope_theta": 1e6})
    ),
    "qwen3-tied": lambda: Qwen3ForCausalLM(
        Qwen3Config(**SIZE, num_key_value_heads=2, head_dim=32, tie_word_embeddings=True)
    ),
    "bloom": lambda: BloomForCausalLM(BloomConfig(vocab_size=640, hidden_size=64, n_layer=2, n_head=4)),
    "bloom-untied-6-heads": lambda: BloomForCausalLM(
        BloomConfig(vocab_size=640, hidden_size=96, n_layer=2, n_head=6, tie_word_embeddings=False)
    ),
}


def byte_level_tokenizer(pattern: str | None, template: str = "{{ messages }}") -> PreTrainedTokenizerFast:
    """Byte-level BPE with the given Split pattern, None for ByteLevel's own."""
    tokenizer = Tokenizer(models.BPE())
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=pattern is None)
    split = [] if pattern is None else [pre_tokenizers.Split(Regex(pattern), behavior="isolated")]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*split, byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=SPECIAL[0], pad_token=SPECIAL[1])
    fast.chat_template = template
    return fast


def sentencepiece_tokenizer(folder: Path, legacy: bool = True) -> LlamaTokenizer:
    """A SentencePiece BPE with LLaMA's training options."""
    write_sentencepiece_model(folder, CORPUS, 500)
    tokenizer = LlamaTokenizer.from_pretrained(folder, legacy=legacy)
    tokenizer.add_tokens([AddedToken("<|user|>", special=True), AddedToken("<工具>", normalized=False)])
    tokenizer.chat_template = "{{ messages }}"
    return tokenizer


def random_weights(model: torch.nn.Module) -> torch.nn.Module:
    """Draw every weight, norms and biases too, so that one in the wrong place changes the logits."""
    generator = torch.Generator().manual_seed(7)
    for weight in model.parameters():
        spread = 0.15 if weight.ndim > 1 else 0.5
        weight.data.normal_(1.0 if weight.ndim == 1 else 0.0, spread, generator=generator)
    return model.eval()
