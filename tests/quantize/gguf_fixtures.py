"""Tiny models and tokenizers for the GGUF tests, trained or drawn on the spot."""

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

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


def random_weights(model: torch.nn.Module) -> torch.nn.Module:
    """Draw every weight, norms and biases too, so that one in the wrong place changes the logits."""
    generator = torch.Generator().manual_seed(7)
    for weight in model.parameters():
        spread = 0.15 if weight.ndim > 1 else 0.5
        weight.data.normal_(1.0 if weight.ndim == 1 else 0.0, spread, generator=generator)
    return model.eval()
