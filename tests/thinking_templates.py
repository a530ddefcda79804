"""Chat templates that open an answer's thinking in its header; tools and system prompts are left out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

DEEPSEEK_R1 = (
    "{%- for message in messages %}"
    "{%- if message.role == 'user' %}{{- '<｜User｜>' + message.content }}"
    "{%- else %}{{- '<｜Assistant｜>' + message.content.split('</think>')[-1] + eos_token }}{%- endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<｜Assistant｜><think>\\n' }}{%- endif %}"
)
"""An answer that is given has no thinking."""
QWEN3_THINKING = (
    "{%- for message in messages %}"
    "{%- set parts = message.content.split('</think>') %}"
    "{{- '<|im_start|>' + message.role + '\\n' }}"
    "{%- if message.role == 'assistant' and loop.last %}"
    "{%- set thinking = parts[0].split('<think>')[-1].strip('\\n') if parts | length > 1 else '' %}"
    "{{- '<think>\\n' + thinking + '\\n</think>\\n\\n' + parts[-1].lstrip('\\n') }}"
    "{%- else %}{{- parts[-1].lstrip('\\n') }}{%- endif %}"
    "{{- eos_token + '\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}"
)
"""The last answer has one, which may be empty."""
ALWAYS_THINKING = {"DeepSeek-R1": DEEPSEEK_R1, "Qwen3-Thinking": QWEN3_THINKING}


def as_thinking(tokenizer: "PreTrainedTokenizerBase", template: str) -> "PreTrainedTokenizerBase":
    """Give a tokenizer one of the templates, and the tokens that mark turns and thinking in it."""
    from tokenizers import AddedToken

    tokenizer.add_tokens([AddedToken(mark, special=True) for mark in ("<|im_start|>", "<｜User｜>", "<｜Assistant｜>")])
    # what marks thinking is no special token there
    tokenizer.add_tokens([AddedToken("<think>"), AddedToken("</think>")])
    tokenizer.chat_template = template
    return tokenizer
